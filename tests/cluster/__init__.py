"""The deployment of `infra/compose.yaml`, started for real with podman, and what befalls it.

`make cluster` runs it: minutes, root, and Debian's podman. `make test` does not.
"""
