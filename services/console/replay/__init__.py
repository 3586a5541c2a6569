"""`atips replay`."""
