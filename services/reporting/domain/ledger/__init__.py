"""Rows of the ledger, the events of an entity in force among them, and the fold to its state."""
