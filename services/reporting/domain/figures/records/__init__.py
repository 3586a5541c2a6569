"""Figures about the records themselves: published facts, claims, contradictions, possible duplicates, findings."""
