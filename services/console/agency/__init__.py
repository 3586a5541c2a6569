"""`atips agency`: systems of agencies come and go while everything runs.

`command` has what changes them, on the broker (infra.local.enrolment) and at the door over HTTP (keys); `listing` shows
them; `handing` writes keys into connection files; `auditing` is about the auditor.
"""
