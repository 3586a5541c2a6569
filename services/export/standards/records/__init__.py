"""Records of single victims in the columns of HTCDS and CTDC. They leave only where the Council's policy allows it."""
