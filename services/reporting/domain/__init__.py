"""What reporting knows: the fold of one entity's events, the figures, and the algebra that turns facts into cells."""
