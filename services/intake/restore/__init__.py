"""Rebuilding of intake's tables from the topics after the database was lost: run once, before anything else starts."""
