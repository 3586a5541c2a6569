"""Intake's domain, without I/O: submissions, judge, acceptance line, routing of copies, outbound records."""
