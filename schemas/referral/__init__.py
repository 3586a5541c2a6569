"""Events of referrals: the sender's moves, the receiver's, and what the referral service decides."""
