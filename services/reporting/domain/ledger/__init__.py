"""Rows of the ledger, the facts in force among an entity's events, and the fold of these facts to its state."""
