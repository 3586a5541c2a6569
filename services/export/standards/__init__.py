"""Tables of other standards, answered from our figures. Mappings are literal files with their source and version.

A cell that cannot be answered stays empty, with the reason beside it.
"""
