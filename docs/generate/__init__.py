"""The reference, generated from the code: `pages` writes it, the other modules each give some of the pages."""
