"""`atips release`: figures that one account freezes and another approves, registered and published.

command: the subcommands · releasing_account: the account of the token · disclosure_in_force: the policy and its review
date · preparing, publishing: what a step does · signing: keys · release_text: output.
"""
