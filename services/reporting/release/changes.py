"""Changes between two releases of one edition and period: the amounts that differ, and the events that changed them."""

from collections.abc import Iterable, Mapping

from services.reporting.release.artefact import Artefact, ReleaseChange, ReleaseRow, ShownAmount


def changes(
    before: Artefact, after: Iterable[ReleaseRow], events: Mapping[str, tuple[int, ...]]
) -> tuple[ReleaseChange, ...]:
    """Return each amount that `after` shows otherwise than `before`, in the order of the rows of `after`.

    Rows that are only in `before` come last. `events`: for each figure, the numbers of the events that changed its
    whole.
    """
    then = {row.key: row for row in before.rows}
    found = []
    for row in after:
        old = then.pop(row.key, None)
        if _shown(old) != _shown(row):
            found.append(_change(row, _shown(old), _shown(row), events))
    found += [_change(row, _shown(row), None, events) for row in then.values()]
    return tuple(found)


def _change(
    row: ReleaseRow, before: ShownAmount | None, after: ShownAmount | None, events: Mapping[str, tuple[int, ...]]
) -> ReleaseChange:
    return ReleaseChange(
        figure=row.figure,
        period=row.period,
        dimensions=row.dimensions,
        before=before,
        after=after,
        events=events.get(row.figure, ()),
    )


def _shown(row: ReleaseRow | None) -> ShownAmount | None:
    if row is None:
        return None
    return ShownAmount(form=row.form, value=row.value, low=row.low, high=row.high)
