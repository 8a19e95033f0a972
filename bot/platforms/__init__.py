"""Platforms: each a `decode`, an `encode` and a thin client."""
