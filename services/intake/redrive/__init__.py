"""Process of an operator that sends refused events again, unchanged, through their publisher's inbound topic."""
