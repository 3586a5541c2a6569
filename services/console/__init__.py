"""The `atips` command line over the services and the local cluster, for people and scripts. It has no domain rules."""
