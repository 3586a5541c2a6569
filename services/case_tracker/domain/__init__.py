"""Domain of cases: a case's timeline and contradictions, as pure functions of its events in the order of the log."""
