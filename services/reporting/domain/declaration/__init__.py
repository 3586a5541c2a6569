"""Classes and functions for the declaration of figures and of the parts of an entity's state, and ways to count."""
