"""The driver: one process that is both the people and the Bot API, cheaper than what it drives."""
