"""case_tracker's tables, one file per step; a step that was released is never edited."""
