"""`atips export`: figures, events, the catalogue and the tables of other standards as files."""
