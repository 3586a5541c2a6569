"""Pages of a case officer: inbox, referrals, cases and findings of the agency of the account."""
