"""case_tracker: folds each case's events into one timeline (the spine), and finds contradictions and dangers in it.

consumes   <deployment>.case.v1
publishes  <deployment>.inbound.case-tracker.v1 (findings opened and closed, restrictions by person, looks at cases),
           <deployment>.delivery.<agency>.v1 (dangers, restrictions)
tables     fact, held, finding, kept_from, seen_case, stored_fact, fact_content, seen_fact, viewed, view_said, outbox,
           position, topic
"""
