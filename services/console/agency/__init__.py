"""`atips agency`: systems of agencies come and go while everything runs.

command: the literal list, and what each does, on the broker (infra.local.enrolment) and at the door over HTTP (keys).
"""
