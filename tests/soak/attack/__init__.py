"""Hostile and careless clients beside honest agencies on a whole local cluster: `make soak ARGS="--attack"`."""
