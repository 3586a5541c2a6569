"""Events of protection: needs and plans, services, shelter, and where a person may go or stay."""
