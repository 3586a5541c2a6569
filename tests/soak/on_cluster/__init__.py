"""Faults on the deployment in containers, in random order while agencies publish: `make soak ARGS="--cluster"`."""
