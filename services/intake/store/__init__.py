"""intake's tables: inbox is the acceptance line, outbox what the relay reads and moves."""
