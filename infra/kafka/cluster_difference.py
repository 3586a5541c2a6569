"""Changes that provisioning would make on the Kafka cluster, from the comparisons that provisioning uses too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from infra.check_row import Check, CheckState
from infra.kafka.server_requirements import SERVER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infra.kafka.quotas import QuotaSubject
    from infra.kafka.rights import Right, RightsDifference
    from infra.kafka.topics import TopicDifference

SHOWN: Final = 6
"""Largest number of names in a line. Of further names the line has only their count."""


@dataclass(frozen=True, slots=True)
class ClusterDifference:
    """The difference between the cluster and a deployment.

    `users`: principals whose password must be set, because they are new or our password does not log in. `former`:
    rights that former principals lose.
    """

    topics: TopicDifference
    users: tuple[str, ...]
    former: frozenset[Right]
    rights: RightsDifference
    quotas: Mapping[QuotaSubject, Mapping[str, float]]


def checks(found: ClusterDifference) -> Iterator[Check]:
    """Yield rows: one for each kind of change, for each contradiction, and for each right of others on our topics."""
    for each in found.topics.contradictions:
        yield Check(SERVER, "topic", CheckState.MISSING, f"{each}. It is never changed: use another --deployment")
    yield from _change("topics", "to make", [spec.name for spec in found.topics.missing])
    yield from _change(
        "settings of topics",
        "to set",
        [
            f"{topic} {name}={wanted}"
            for topic, values in found.topics.settings.items()
            for name, (_, wanted) in values.items()
        ],
    )
    yield from _change("users", "get a password", found.users)
    yield from _users_of_others(found)
    yield from _change("rights", "to give", [str(each) for each in sorted(found.rights.missing)])
    yield from _change("rights", "to take back", [str(each) for each in sorted({*found.rights.surplus, *found.former})])
    yield from _change("quotas", "to set", [f"{each.kind} {each.name or 'of all others'}" for each in found.quotas])
    for right in sorted(found.rights.of_others - found.former):
        text = f"{right} reaches our topics and is not ours to take. Its owner must take it, or you accept it"
        yield Check(SERVER, "rights of others", CheckState.NOTE, text)


def _users_of_others(found: ClusterDifference) -> Iterator[Check]:
    """Yield a row if a user whose password would be set has rights on other topics: then somebody else uses it."""
    shared = sorted({right for right in found.rights.elsewhere if right.principal in found.users})
    if shared:
        text = (
            f"{listed(sorted({right.principal for right in shared}), 'would get another password')}; with rights on "
            f"topics that are not of this deployment, such as {shared[0].name}. Whoever uses them could not log in any "
            "more. Give this deployment a cluster of its own, bring the data folder back from its backup, or take "
            "these rights back if nobody uses them"
        )
        yield Check(SERVER, "users of others", CheckState.MISSING, text)


def _change(subject: str, what: str, names: list[str] | tuple[str, ...]) -> Iterator[Check]:
    if names:
        yield Check(SERVER, subject, CheckState.CHANGE, listed(names, what))


def listed(names: list[str] | tuple[str, ...], what: str) -> str:
    """Return a line such as `8 to make: a, b, c, d, e, f and 2 more`. `what`: such as `to make`."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{len(names)} {what}: {', '.join(names[:SHOWN])}{more}"
