"""The demo: a synthetic 2024, published by its agencies through the same doors as anybody's events, beside the report.

`history` invents the year as it was known when the report came out, `second_act` what came to light afterwards;
`printed` holds the report's numbers, `run` is the command.
"""
