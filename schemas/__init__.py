"""What services agree on: events, ids, times, agencies, topics."""
