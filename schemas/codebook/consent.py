"""Code lists of consent: its basis, for what, and who gave it."""
