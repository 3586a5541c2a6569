"""Refused events sent again, unchanged, through their publisher's own inbound topic: a process of an operator."""
