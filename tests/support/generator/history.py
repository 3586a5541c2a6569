"""Random histories from a seed: facts of every type, and everything that changes a figure afterwards.

Events come as (agency, bytes) in the order in which they are meant to be numbered; a duplicate takes no number. The
same seed gives the same bytes, and any length can be drawn, for what is remembered of the past is bounded.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

import orjson

from tests.support.generator.handmade_facts import TYPES as MADE_BY_HAND
from tests.support.generator.handmade_facts import primary_of_closing
from tests.support.generator.mix import DENSE, Mix
from tests.support.generator.random_facts import detailed
from tests.support.generator.recurring_entities import Cast, Fields, envelope
from tests.support.generator.statements import OFTEN, correctable, fact, merge, merge_of_activities, retold


class Submission(NamedTuple):
    """A submission of one agency."""

    agency: str
    raw: bytes


_WHY_CORRECTED: Final = ("entry_error", "new_information", "wrong_person", "wrong_date", "other")
_WHY_RETRACTED: Final = ("entry_error", "duplicate", "did_not_happen", "wrong_person", "other")
_CORRECTED, _RETRACTED = "bz.atips.event.corrected.v1", "bz.atips.event.retracted.v1"
_RULED: Final = 0.1
_COPIED: Final = ("time", "occurredprecision", "occurredto", "onbehalfof")


def reference(event: Mapping[str, Any]) -> str:
    """By what another event may name this one."""
    return f"{event['source']}/{event['id']}"


class History:
    """One random history: what is drawn from it is drawn once."""

    def __init__(self, seed: int, mix: Mix = DENSE) -> None:
        self.mix = mix
        self.cast = Cast(seed, new=mix.new, active=mix.active)
        self.targets: list[Fields] = []

    def submissions(self, count: int) -> Iterator[Submission]:
        """So many events in the order of their numbers, and duplicates of some."""
        cast, sent = self.cast, list[Submission]()
        for event in self._shuffled(count):
            # Copied, for what orjson returns keeps a kilobyte and more of room at its end.
            submission = Submission(event["source"].partition("/")[0], b"%b" % orjson.dumps(event))
            yield submission
            if cast.chance(self.mix.duplicates):
                sent.append(submission)
            if sent and cast.chance(self.mix.duplicates):
                index = int(cast.dice.random() * len(sent))
                sent[index], sent[-1] = sent[-1], sent[index]
                yield self._again(sent.pop())
        yield from map(self._again, sent)

    def _again(self, submission: Submission) -> Submission:
        """Return a repetition of the event: equal bytes, or as another program writes them, or with another trace."""
        roll = self.cast.dice.random()
        if roll < 0.4:
            return submission
        members = dict(reversed(orjson.loads(submission.raw).items()))
        if roll < 0.7:
            members["traceparent"] = f"00-{self.cast.dice.getrandbits(128):032x}-{1:016x}-01"
        return Submission(submission.agency, orjson.dumps(members, option=orjson.OPT_INDENT_2))

    def _shuffled(self, count: int) -> Iterator[Fields]:
        """Events that overtake each other, some of them by far."""
        cast, held, late = self.cast, list[Fields](), list[Fields]()
        for number, event in enumerate(self._told(), start=1):
            (late if cast.chance(self.mix.late) else held).append(event)
            if len(held) > self.mix.window:
                index = int(cast.dice.random() * len(held))
                held[index], held[-1] = held[-1], held[index]
                yield held.pop()
            if len(late) > 10 * self.mix.window:
                yield late.pop(int(cast.dice.random() * len(late)))
            if number == count:
                break
        rest = [*held, *late]
        cast.dice.shuffle(rest)
        yield from rest

    def _told(self) -> Iterator[Fields]:
        """The story without an end, in the order in which its changes are thought of."""
        mix = self.mix
        steps = (
            (mix.corrections, self._correction),
            (mix.retractions, self._retraction),
            (mix.merges, self._merge),
            (mix.cycles, self._cycle),
            (mix.unseen, self._unseen),
        )
        while True:
            roll = self.cast.dice.random()
            for share, step in steps:
                roll -= share
                if roll < 0 and self.targets:
                    events = step()
                    break
            else:
                events = [self._detailed(fact(self.cast))]
            for event in filter(correctable, events):
                self._remember(event)
            yield from events

    def _detailed(self, event: Fields) -> Fields:
        """Return the event, or one with more detail: its data stand, and other fields are drawn."""
        if event["type"] not in MADE_BY_HAND or not self.mix.detailed or not self.cast.chance(self.mix.detailed):
            return event
        return {**event, "data": detailed(self.cast, event["type"], event["data"])}

    def _remember(self, event: Fields) -> None:
        if len(self.targets) < self.mix.targets:
            self.targets.append(event)
        else:
            self.targets[int(self.cast.dice.random() * len(self.targets))] = event

    def _target(self) -> Fields:
        """Some event of before: one time in three one of the last, so that changes meet."""
        reach = min(6, len(self.targets)) if self.cast.chance(0.35) else len(self.targets)
        return self.targets[len(self.targets) - 1 - int(self.cast.dice.random() * reach)]

    def _correction(self) -> list[Fields]:
        target = self._target()
        return [self._ruled(target, self._correcting(target))]

    def _retraction(self) -> list[Fields]:
        target = self._target()
        return [self._ruled(target, self._retracting(target))]

    def _ruled(self, target: Fields, change: Fields) -> Fields:
        """Return the change, now and then stated by the Council after a ruling on another agency's statement."""
        agency = target["source"].partition("/")[0]
        if agency == "council" or "onbehalfof" in target | change or not self.cast.chance(_RULED):
            return change
        said = {**change["data"], "ruling": f"council/rulings/{self.cast.event_id()}"}
        return {**change, "source": "council/rulings", "onbehalfof": agency, "data": said}

    def _merge(self) -> list[Fields]:
        """Two are one; now and then the other direction is said too."""
        said = merge(self.cast)
        if not self.cast.chance(0.2):
            return [said]
        field = said["type"].split(".")[2]
        data = {**said["data"], field: said["data"]["same_as"], "same_as": said["data"][field]}
        agency = said["source"].partition("/")[0]
        return [said, envelope(self.cast, f"{field}.merged", agency, data[field], data)]

    def _cycle(self) -> list[Fields]:
        """One to three changes that name each other in a ring."""
        target = self._target()
        length = 1 + int(self.cast.dice.random() * 3)
        ring = [self._change(target) for _ in range(length)]
        for event, following in zip(ring, [*ring[1:], ring[0]], strict=True):
            event["supersedes"] = reference(following)
        return ring

    def _unseen(self) -> list[Fields]:
        """A change of a fact that stays unseen; others may come to name it as well."""
        ghost = next(filter(correctable, iter(partial(fact, self.cast), None)))
        self._remember(ghost)
        return [self._change(ghost)]

    def _change(self, target: Fields) -> Fields:
        return self._correcting(target) if self.cast.chance(0.6) else self._retracting(target)

    def _after(self, target: Fields, name: str, data: Fields) -> Fields:
        subject = target.get("subject") or primary_of_closing(target["data"])
        agency = target["source"].partition("/")[0]
        event = envelope(self.cast, name, agency, subject, data)
        event["source"] = target["source"]  # a system changes its own alone
        event["supersedes"] = reference(target)
        return event

    def _retracting(self, target: Fields) -> Fields:
        return self._after(target, "event.retracted", {"reason": self.cast.one(_WHY_RETRACTED)})

    def _correcting(self, target: Fields) -> Fields:
        """Return an earlier statement with something changed, or another fact altogether."""
        cast = self.cast
        kind, said = target["type"], target["data"]
        if kind == _CORRECTED:
            kind, said = said["type"], said["data"]
        anew = None
        if kind == _RETRACTED or "ruling" in target["data"] or cast.chance(0.1):
            anew = self._another(target["source"].partition("/")[0])
            kind, said = anew["type"], anew["data"]
        else:
            agency = target["source"].partition("/")[0]
            said = retold(cast, kind, agency, said)
        corrected = {"reason": cast.one(_WHY_CORRECTED), "type": kind, "data": said}
        event = self._after(target, "event.corrected", corrected)
        if cast.chance(0.7) or "agency" in said:
            # As before; what the agency may say for itself only is said for the same one again.
            for attribute in _COPIED:
                event.pop(attribute, None)
                if attribute in (anew or target):
                    event[attribute] = (anew or target)[attribute]
        return event

    def _another(self, agency: str) -> Fields:
        """A fact or merge that this agency may publish."""
        while True:
            event = merge(self.cast) if self.cast.chance(0.2) else fact(self.cast)
            if event["source"].startswith(f"{agency}/"):
                return event
            if agency not in OFTEN:
                return merge_of_activities(self.cast, agency)


def accepted(submissions: Iterable[Submission]) -> list[bytes]:
    """Return the events that take the numbers from 1: each as it arrived first."""
    seen: dict[tuple[str, str], bytes] = {}
    for submission in submissions:
        event = orjson.loads(submission.raw)
        seen.setdefault((event["source"], event["id"]), submission.raw)
    return list(seen.values())
