"""The command `atips replay`: compares, swaps in or rebuilds figures from the log, and exports the log."""
