"""replay: rebuild ledger and cells from the topics; compare them with live ones, swap them in, or restore a lost live.

live       the ledger, cells and positions that the running service uses, as opposed to those that the replay makes
reads      <deployment>.person|case|activity.v1 by assignment, up to where live stood; .progress.v1 for a rebuild
tables     replay_run, replay_part, replay_row, replay_cell, replay_parked, replay_fault, replay_led: one run's results
order      run (coordinator) > worker (a process for each share) > run_state, run_tables, partition_fold, …
"""
