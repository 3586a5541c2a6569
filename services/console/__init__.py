"""The `atips` command: what the services and the local cluster offer, for people and scripts. No rule lives here."""
