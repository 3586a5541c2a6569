"""`atips backup` and `atips restore`: the database, the log and the keys, copied together and brought back together."""
