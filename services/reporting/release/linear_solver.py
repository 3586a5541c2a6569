"""The audit's linear solver, with HiGHS. Any result other than an optimum within the time limit counts as no answer."""

from typing import Final

import highspy
import numpy as np
from highspy._core import _Highs

from services.reporting.domain.disclosure.constraint_system import MOST, LinearSystem, Terms

_NEAR: Final = 1e-6


class HighsSolver:
    """Solver of linear systems. It caches the model of the last system, because most questions are about one system.

    `seconds`: time limit of one question.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._system: LinearSystem | None = None
        self._rows = 0
        self._whole: bool | None = None
        self._model = _model()

    def smallest(self, system: LinearSystem, objective: Terms, *, whole: bool) -> list[int] | None:
        """Return the variables' values, as integers, that minimise `objective`; None if HiGHS finds none in time.

        `whole`: solve over integers. Otherwise an optimum that is not integral gives None too. A failed question is
        tried once more with a new model, because a reused model can fail where a new one does not.
        """
        found = self._asked(system, objective, whole=whole)
        if found is None:
            self._system = None
            found = self._asked(system, objective, whole=whole)
        return found

    def _asked(self, system: LinearSystem, objective: Terms, *, whole: bool) -> list[int] | None:
        self._load(system)
        model, size = self._model, system.size
        places = np.arange(size, dtype=np.int32)
        if whole is not self._whole:  # otherwise keep the last solution as a start
            kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
            model.changeColsIntegrality(size, places, np.full(size, int(kind), dtype=np.uint8))
            self._whole = whole
        model.changeColsCost(size, places, np.array([float(objective.get(place, 0)) for place in range(size)]))
        model.setOptionValue("time_limit", model.getRunTime() + self._seconds)
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values = model.getSolution().col_value
        rounded = [round(value) for value in values]
        near = whole or all(abs(value - each) < _NEAR for value, each in zip(values, rounded, strict=True))
        return rounded if near else None

    def _load(self, system: LinearSystem) -> None:
        if self._system is not system:
            self._system, self._rows, self._whole = system, 0, None
            self._model = _model()
        model = self._model
        lacking = system.size - model.getNumCol()
        if lacking:
            self._whole = None
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


def _model() -> _Highs:
    # HiGHS has one scheduler in a process, with the thread count of its first user; another count would fail.
    _Highs.resetGlobalScheduler(True)  # noqa: FBT003 - the library takes no name
    model = _Highs()  # the public class prints a banner to standard output
    model.setOptionValue("output_flag", False)  # noqa: FBT003 - the library takes no name
    model.setOptionValue("threads", 1)
    return model
