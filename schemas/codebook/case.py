"""Code lists of cases: who is party to one, how it ends, who may not see it."""
