"""Terms in which figures and the parts of an entity's state are declared, and the ways to count."""
