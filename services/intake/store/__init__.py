"""SQL of intake's tables: `acceptance_line` writes batches, `outbox` reads rows for the relay and moves its pointer."""
