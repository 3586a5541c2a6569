"""The command `atips replay`, and what it reads and shows."""
