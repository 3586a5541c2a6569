"""`atips case` and `atips finding`: the state of a case for agencies that may see it, and rulings on findings."""
