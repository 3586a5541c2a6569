"""Events of a case: opened, linked, its parties, closed and opened again, reviewed."""
