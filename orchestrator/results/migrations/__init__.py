"""Alembic's folder: how the schema changes, a revision a file."""
