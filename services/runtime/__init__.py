"""Shared parts of every service: consumer, fenced transaction, producer, migrations, settings, log, health.

Services import from here and from `schemas`, never from each other; nothing here knows a type of event.
"""
