"""Rebuilds intake's tables from the topics after the database was lost. Run it once, before any service starts."""
