"""Referrals and the decisions about them: pure, from one person's events in the order of the log."""
