"""Roles, accounts and words of the pages. Pure: no clock, no input, no output."""
