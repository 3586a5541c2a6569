"""What a referral is and what is decided about it: pure, from one person's events in the order of the log."""
