"""Metrics of a test are its own: none finds the labels that another has left."""

from collections.abc import Iterator

import pytest
from prometheus_client.metrics import MetricWrapperBase

from services.runtime.metrics import REGISTRY

_LABELLED = [
    metric for metric in REGISTRY._collector_to_names if isinstance(metric, MetricWrapperBase) and metric._labelnames
]


@pytest.fixture(autouse=True)
def _no_labels_are_left() -> Iterator[None]:
    """Forget the labels that a test has set."""
    yield
    for metric in _LABELLED:
        if metric._metrics:
            metric.clear()
