"""A case's timeline and its contradictions: pure, from the case's events in the order of the log."""
