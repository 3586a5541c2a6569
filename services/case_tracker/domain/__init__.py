"""What one case comes to, and what in it cannot all be right: pure, from the case's events in the order of the log."""
