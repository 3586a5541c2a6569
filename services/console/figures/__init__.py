"""`atips figures`."""
