"""Code lists of referrals: urgency, kinds of service, reasons."""
