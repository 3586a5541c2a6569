"""Reporting's domain: the fold of an entity's events, the figures, and the algebra that turns facts into cells."""
