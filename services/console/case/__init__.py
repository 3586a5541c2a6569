"""`atips case` and `atips finding`: where a case stands, for whoever may see it, and rulings on what contradicts."""
