"""Code lists of the reporting itself: claims, findings, access, keys."""
