"""case_tracker: folds each case's events into one timeline (the spine), and finds contradictions and dangers in it.

consumes   <deployment>.case.v1
publishes  <deployment>.inbound.case-tracker.v1 (findings opened and closed, cases looked at),
           <deployment>.delivery.<agency>.v1 (what endangers somebody)
tables     fact, finding, kept_from, viewed, outbox, position, topic
"""
