"""Domain of referrals: their states and decisions, as pure functions of a person's events in the order of the log."""
