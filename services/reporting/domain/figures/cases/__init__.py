"""Figures of cases: first reports, case files, parties, investigations, and the steps that cases reach."""
