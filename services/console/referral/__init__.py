"""`atips referrals`, `atips referral` and `atips consent`: open referrals, and the moves that an agency makes."""
