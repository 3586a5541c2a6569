"""`atips release`: figures that two accounts sign off, frozen, registered and published.

command: the literal list of steps · person: whose token it is · preparing, publishing: what a step does · shown: words
"""
