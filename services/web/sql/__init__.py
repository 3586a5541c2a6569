"""Migrations of the schema `web`."""
