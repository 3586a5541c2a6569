"""case_tracker's tables, one file per step. The statements of a released step are never changed."""
