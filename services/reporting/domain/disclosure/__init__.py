"""Disclosure control: which amounts a release tells exactly, which it bands, pools or withholds, and how that is tried.

Pure: what is shown, the linear relations that an outsider knows, the cells to protect, the search for what to withhold.
"""
