"""replay: make everything again from the topics; compare it with live, swap it in, or rebuild a lost live.

reads      <deployment>.person|case|activity.v1 by assignment, up to where live stood; .progress.v1 for a rebuild
tables     replay_run, replay_part, replay_row, replay_cell, replay_parked, replay_fault, replay_led: one run's shadow
order      run (coordinator) > worker (a process for each share) > run_state, run_tables, fold, routing_audit, …
"""
