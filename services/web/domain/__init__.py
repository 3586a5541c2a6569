"""Roles, accounts, sessions, cohorts and texts of the pages. Pure code: no clock, no input, no output."""
