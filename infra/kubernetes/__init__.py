"""Manifests for Kubernetes: `base` is the deployment, `overlays` show how to adapt it, `schemas` check it."""
