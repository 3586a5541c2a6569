"""The demo: invented events of 2024, published by agencies as real ones are, and their figures beside the report's.

`history` makes the events that were known when the report came out, `changes_after_report` the later ones. `run` is
the command `atips demo`. The printed numbers are in `services.presentation.report_2024_numbers`.
"""
