"""Dialogues, platform-blind: what people send becomes engine orders, what comes of it a reply.

Knows no platform, no database and no file; both come in through `handlers.ports`.
"""
