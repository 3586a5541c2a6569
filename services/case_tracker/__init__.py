"""case_tracker: victim, case, suspect, charge and court stage on one spine, and what in it cannot all be right.

consumes   <deployment>.case.v1
publishes  <deployment>.inbound.case-tracker.v1 (findings opened and closed, cases looked at),
           <deployment>.delivery.<agency>.v1 (what endangers somebody)
tables     fact, finding, kept_from, viewed, outbox, position, topic
"""
