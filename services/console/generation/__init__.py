"""Another generation of the log's topics, with more partitions: made, filled from the one before, and put to use."""
