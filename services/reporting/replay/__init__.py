"""replay: everything again from the topics, beside what live made of them; compared, swapped in, or a lost one rebuilt.

reads      <deployment>.person|case|activity.v1 by assignment, up to where live stood; .progress.v1 for a rebuild
tables     replay_run, replay_part, replay_row, replay_cell, replay_parked, replay_fault, replay_led: one run's shadow
order      run (coordinator) > worker (a process for each share) > course, shadow, fold, audit, comparison
"""
