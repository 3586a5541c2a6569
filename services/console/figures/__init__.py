"""The command `atips figures`, and the forms in which it shows figures."""
