"""web: the pages on which committees look at the figures, and their JSON and CSV.

* Reads: the exact cells of `reporting` and what is derived from them, as the database role `web`. No payload, no
  record of a person.
* Keeps: accounts, sign-in links and sessions, in the schema `web`.
* Publishes nothing.
"""
