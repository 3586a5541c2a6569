"""case_tracker: victim, case, suspect, charge and court stage on one spine. Not running yet.

consumes      <deployment>.case.v1
will decide   which records of a case contradict each other; published through an inbound topic of its own
"""
