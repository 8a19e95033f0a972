"""The bots that ours is measured against: small, as their manuals write them, storing no answer.

They run in an environment of their own (`requirements.lock`) and know nothing of this project but
the paper's texts, which they are given in a file.
"""
