"""Reads of reporting's tables for people: figures, grids, findings, and the events behind a figure."""
