"""`atips referrals`, `atips referral` and `atips consent`: what waits, and the moves, as an agency makes them."""
