"""Random histories from a seed, for tests and benches: facts of every type, and all that changes them afterwards."""

from tests.support.generator.history import History, Submission, accepted, reference
from tests.support.generator.mix import DENSE, PLAUSIBLE, Mix
from tests.support.generator.statements import STATED

__all__ = ["DENSE", "PLAUSIBLE", "STATED", "History", "Mix", "Submission", "accepted", "reference"]
