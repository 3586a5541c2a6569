"""Figures of cases: first reports, case files, investigations, and how far cases go."""
