"""What intake decides, without I/O: submission and backlog (the words), judge, line, groups and routes, outbound."""
