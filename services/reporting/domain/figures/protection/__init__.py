"""Figures of victims and of persons who are screened: identification, shelter, services, return."""
