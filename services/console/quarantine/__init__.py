"""`atips quarantine`: what was refused, why, and another try.

command: the literal list; listing and single show and close; redrive sends again; told gives entries as people and
programs read them.
"""
