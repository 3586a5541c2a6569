"""Events of coordination: meetings, strategy, milestones, roles, data shared, staffing."""
