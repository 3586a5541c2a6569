"""Intake's domain, without I/O: submission and backlog (values), judge, line, groups and routes, outbound."""
