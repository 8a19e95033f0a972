"""A stand-in for Telegram: the Bot API over real HTTP, and the people on the other side of it.

For tests, training and demonstrations. It knows nothing of the bot it serves.
"""
