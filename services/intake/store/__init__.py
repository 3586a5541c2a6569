"""Tables of intake: `acceptance_line` writes the inbox, `outbox` is what the relay reads and moves."""
