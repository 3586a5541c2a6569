"""web: the pages of committees, officers, clerks and operators, and their data as JSON and CSV.

* Reads, as the database role `web`: the exact cells of `reporting`; for officers, what the database lets their agency
  see of referrals, cases and findings; for operators, counts and positions.
* Keeps, in the schema `web`: accounts, sign-in links, sessions, tokens, read marks and ids of sent forms.
* Publishes nothing on Kafka. Forms and sheets go to intake over HTTPS, as events of the account's agency.
"""
