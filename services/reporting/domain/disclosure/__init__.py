"""Disclosure control: which amounts a release shows exactly, as a band, over several years, or not at all; its audit.

No I/O: policy, linear relations that an outsider knows, targets to protect, and the search for amounts to withhold.
"""
