"""Figures of partnership: meetings, strategy, projects, laws, staff, roles abroad."""
