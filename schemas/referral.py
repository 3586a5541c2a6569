"""Events of a referral's way from sender to receiver."""
