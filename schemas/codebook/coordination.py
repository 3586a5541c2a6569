"""Code lists of coordination: meetings, conferences, strategy, laws, roles."""
