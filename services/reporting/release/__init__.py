"""Releases: figures that are frozen, approved by two accounts, registered and published. A release never changes."""
