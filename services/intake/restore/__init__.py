"""intake's tables made again from the topics, when the database was lost: run once, before anything else starts."""
