"""Random histories from a seed, for tests and benches: facts of every type, and all that changes them afterwards."""

from tests.support.generator.history import (
    DENSE,
    PLAUSIBLE,
    STATED,
    History,
    Mix,
    Submission,
    accepted,
    reference,
)

__all__ = ["DENSE", "PLAUSIBLE", "STATED", "History", "Mix", "Submission", "accepted", "reference"]
