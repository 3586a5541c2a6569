"""Figures of partnership: meetings, strategy, projects, laws, staff, roles in international bodies, shared datasets."""
