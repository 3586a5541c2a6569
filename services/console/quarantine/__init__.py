"""`atips quarantine`: list, show, close and send again the events that intake refused.

command: the list of subcommands · listing, show, closing, redrive: one subcommand each · entry_text: entries as text
and JSON · quarantine_access: the database and the key.
"""
