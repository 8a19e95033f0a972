"""Alembic's environment; run by `store.schema`, never by an import."""
