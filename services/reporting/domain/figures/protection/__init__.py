"""Figures of victims and of screened persons: screening, identification, shelter, services, residence, return."""
