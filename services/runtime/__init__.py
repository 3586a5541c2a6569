"""Shared parts of every service: consumer, fenced transaction, producer, migrations, settings, log, health.

Services import from here and from `schemas`, never from each other. Nothing here knows a type of event, except that
`deciding` leaves out looks.
"""
