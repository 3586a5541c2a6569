"""`atips case`, `cases` and `finding`: the state of cases for agencies that may see them, and rulings on findings."""
