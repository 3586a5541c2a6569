"""`atips generation`: new topics of the log with more partitions, filled from the old ones, to which readers move."""
