"""Items that figures count in the states of entities, and the cells computed from these items."""
