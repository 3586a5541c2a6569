"""Figures about the records themselves: what was published, claimed, contradicted, told twice."""
