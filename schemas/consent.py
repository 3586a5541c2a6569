"""Events of consent: recorded, withdrawn, acknowledged by those who hold data."""
