"""Migrations of reporting's database for Alembic: one chain of files, in the order of their numbers."""
