"""reporting: the append-only ledger and the running figures.

consumes   <deployment>.person|case|activity.v1 (every event once under each entity it concerns), .progress.v1
publishes  nothing yet
tables     ledger, source, cell, parked, version, figure_version, progress, position, topic; views for people
values     figures of ended quarters and years in tables: exact ones, and those that `me_read` may see
editions   a version with `known_at`: the cells as they were known at that number, made by a job and kept
"""
