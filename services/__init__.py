"""The services of the pipeline, each a room of its own, and what they run on (`runtime`)."""
