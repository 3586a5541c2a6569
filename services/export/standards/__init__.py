"""Tables in the forms of other standards, filled with our figures. A mapping is a file with its source and version.

A cell without an answer stays empty, with the reason beside it.
"""
