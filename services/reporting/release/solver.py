"""HiGHS as the solver of the audit. Every status but an optimum in time is no answer."""

import highspy
import numpy as np

from services.reporting.domain.disclosure.system import MOST, LinearSystem, Terms


class Highs:
    """Solves one system after the other; the model of the last one is kept, for most questions are of the same."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._system: LinearSystem | None = None
        self._rows = 0
        self._model = _model()

    def smallest(self, system: LinearSystem, objective: Terms, *, whole: bool) -> list[int] | None:
        """Give values at which the sum is smallest, rounded; None where HiGHS finds no optimum in time."""
        self._load(system)
        model, size = self._model, system.size
        places = np.arange(size, dtype=np.int32)
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        model.changeColsIntegrality(size, places, np.full(size, int(kind), dtype=np.uint8))
        model.changeColsCost(size, places, np.array([float(objective.get(place, 0)) for place in range(size)]))
        model.setOptionValue("time_limit", model.getRunTime() + self._seconds)
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return [round(value) for value in model.getSolution().col_value]

    def _load(self, system: LinearSystem) -> None:
        if self._system is not system:
            self._system, self._rows = system, 0
            self._model = _model()
        model = self._model
        lacking = system.size - model.getNumCol()
        if lacking:
            model.addVars(lacking, [0.0] * lacking, [float(MOST)] * lacking)
        for terms, low, high in system.constraints[self._rows :]:
            places = list(terms)
            model.addRow(
                -highspy.kHighsInf if low is None else float(low),
                highspy.kHighsInf if high is None else float(high),
                len(places),
                places,
                [float(terms[place]) for place in places],
            )
        self._rows = len(system.constraints)


def _model() -> highspy.Highs:
    model = highspy.Highs()  # type: ignore[no-untyped-call] # the library types all but this
    model.setOptionValue("output_flag", False)  # noqa: FBT003 - the library takes no name
    model.setOptionValue("threads", 1)
    return model
