"""Releases: figures that are frozen, signed off by two accounts, registered and published. Later events change none."""
