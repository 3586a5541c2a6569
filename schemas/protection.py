"""Events of protection: needs, plans, services, shelter, return, immigration status."""
