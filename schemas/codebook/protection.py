"""Code lists of protection: needs, services, shelter, return, status."""
