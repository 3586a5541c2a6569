"""`python -m infra.kubernetes`: writes the generated manifests into `infra/kubernetes/base`."""

from infra.kubernetes.topics_users_and_alerts import BASE, files
from schemas.topics import Deployment

for name, text in files(Deployment(partitions=16)).items():
    (BASE / name).write_text(text, encoding="utf-8")
