"""Bench of the pipeline: its rates beside the machine's limits, in one run."""
