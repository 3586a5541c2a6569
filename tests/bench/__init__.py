"""What the pipeline does in a second, beside what the machine could do at most, in one run."""
