"""Figures of cases: word of one, its file, the investigation into it, and how far it comes."""
