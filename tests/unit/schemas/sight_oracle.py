"""A slow and obvious reading of the sentences on sight and consent, kept apart from `schemas.sight`.

It is written from docs/security.md and docs/policy.md alone, over a story: plain words in the order of what happened.
It shares no table and no function with the module that it is held against.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

Story = Sequence["Word"]
PARTNERS = ("iom", "unicef", "hti", "cdf", "ret", "love_foundation", "hppbz")


@dataclass(frozen=True)
class Word:
    """Something that was said: `kind` is age, yes, no, back, tie, sent, accepted, ended or restricted."""

    kind: str
    by: str = "bpd"
    person: str = ""
    to: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    what: str = ""
    guardian: str = ""
    given_by: str = ""
    whole: bool = True
    """Of a determination: whether it says who, when, why, and until a day that has not come."""
    which: int = -1
    """Of taking back: the place of the one consent that it names."""
    day: date = field(default=date(2024, 3, 1))


def child(story: Story, person: str, day: date) -> bool:
    """Everybody who was recorded as a child until they must have grown up, and everybody whose age nobody knows.

    The last day on which an age was recorded counts. If one of that day's ages is a child's, the person is a child.
    """
    said = [each for each in story if each.kind == "age" and each.person == person and each.what != "unknown"]
    if not said:
        return True
    last = max(each.day for each in said)
    years = [{"child_0_8": 18, "child_9_17": 9}.get(each.what, 0) for each in said if each.day == last]
    return max(years) > 0 and day < last.replace(year=last.year + max(years))


def was_child(story: Story, word: Word) -> bool:
    """Whether somebody spoke as a child: by the last age recorded by then, else by the last of all."""
    said = [each for each in story if each.kind == "age" and each.person == word.person and each.what != "unknown"]
    before = [each for each in said if each.day <= word.day]
    return child(before or said, word.person, word.day)


def suspects(story: Story, person: str) -> set[str]:
    return {each.guardian for each in story if each.kind == "tie" and each.person == person}


def duty(agency: str, purposes: Sequence[str], *, emergency: bool) -> bool:
    """Human Services for protection and health, police for protection, Health for health care in an emergency."""
    named = {"dhs": {"protection_services", "health_care"}, "bpd": {"protection_services"}}
    if emergency:
        named["mohw"] = {"health_care"}
    return all(each in named.get(agency, set()) for each in purposes)


def says_yes(story: Story, word: Word, day: date) -> bool:
    """Whether a word opens for anybody at all, by whose word it is and how old the person is."""
    if word.kind != "yes" or word.guardian in suspects(story, word.person):
        return False
    if child(story, word.person, day):
        if word.what == "guardian":
            if word.given_by == "state_guardian":
                return word.by == "dhs"
            return word.guardian not in {"", word.person} and word.given_by in {"", "guardian"}
        return word.what == "overridden_best_interest" and word.whole and word.by == "dhs"
    own = word.what in {"given", "given_with_limits"} and word.given_by in {"", "person"}
    return own and not was_child(story, word)


def says_no(story: Story, word: Word, agency: str) -> bool:
    named = not word.to or agency in word.to
    return word.kind == "no" and named and word.guardian not in suspects(story, word.person)


def taken_back(story: Story, word: Word, person: str, agency: str, purposes: Sequence[str]) -> bool:
    """Whether an adult said no by taking back: nobody else's override opens over that, whenever it was said."""
    if word.kind != "back" or word.person != person or (word.to and agency not in word.to):
        return False
    which = story[word.which] if word.which >= 0 else None
    if which is None or which.person != person:
        return True
    return not which.purposes or any(each in which.purposes for each in purposes)


def ends(story: Story, back: Word, place: int, agency: str) -> bool:
    """Whether a taking back ends one consent towards an agency, which was said before.

    A child or a guardian does not end what Human Services determined: Human Services does, by naming it or for the
    state.
    """
    word = story[place]
    if back.kind != "back" or back.person != word.person or (back.to and agency not in back.to):
        return False
    if back.which not in {-1, place}:
        return False
    if word.what != "overridden_best_interest":
        return True
    return back.by == "dhs" and (back.which == place or back.given_by in {"", "state_guardian", "court"})


def told(story: Story, person: str, agency: str, purposes: Sequence[str], day: date, **how: object) -> bool:
    """Whether an agency may learn of a person; `how`: emergency, not_by, and no duty where sight is asked for."""
    emergency, not_by = bool(how.get("emergency")), how.get("not_by")
    bound = bool(how.get("duty", True)) and duty(agency, purposes, emergency=emergency)
    if child(story, person, day) and bound:
        return True
    for place, word in enumerate(story):
        if word.kind != "yes" or word.person != person or word.by == not_by:
            continue
        adult_duty = word.what == "overridden_legal_duty" and bound and not child(story, person, day)
        if adult_duty and word.guardian in suspects(story, person):
            continue
        if not says_yes(story, word, day) and not adult_duty:
            continue
        if agency not in word.to or not all(each in word.purposes for each in purposes):
            continue
        later = story[place + 1 :]
        if any(ends(story, each, place, agency) for each in later):
            continue
        nos = story if adult_duty else later
        if adult_duty and any(taken_back(story, each, person, agency, purposes) for each in story):
            continue
        refused = any(
            says_no(story, each, agency) and each.person == person
            and (not each.purposes or any(one in each.purposes for one in purposes)) for each in nos
        )  # fmt: skip
        if refused and word.what != "overridden_best_interest":
            continue
        return True
    return False


def _is_to(story: Story, back: Word, agency: str) -> bool:
    """Whether consent is taken back from an agency: one that is named, else whom the one consent named, else all."""
    if back.to or back.which < 0:
        return not back.to or agency in back.to
    return agency in story[back.which].to


def lost(story: Story, person: str, agency: str, day: date) -> bool:
    """Whether the person took consent back from the agency or refused it, and surely gave none since."""
    gives = [
        (place, each)
        for place, each in enumerate(story)
        if says_yes(story, each, day) and each.person == person and agency in each.to and each.purposes
        if each.by != agency
    ]
    for place, word in enumerate(story):
        if word.person != person:
            continue
        since = [each for at, each in gives if at > place]
        if word.kind == "back" and _is_to(story, word, agency) and not since:
            left = [
                at
                for at, _ in gives
                if not any(ends(story, each, at, agency) for each in story[at:] if each.kind == "back")
            ]
            if not left:
                return True
        if says_no(story, word, agency):
            sent = any(each.kind == "sent" and each.person == person and agency in each.to for each in story[place:])
            beside = [each for _, each in gives if word.purposes and not set(each.purposes) <= set(word.purposes)]
            over = [each for _, each in gives if each.what == "overridden_best_interest"]
            if not (since or sent or beside or (over and child(story, person, day))):
                return True
    return False


def shut_out(story: Story, agency: str, today: date) -> bool:
    """One word for thirty days, two for good; Human Services by two alone, the Council never."""
    first: dict[str, date] = {}
    for each in story:
        if each.kind == "restricted" and agency in each.to:
            first.setdefault(each.by, each.day)
    if agency == "council" or not first:
        return False
    if len(first) > 1:
        return True
    return agency != "dhs" and (today - min(first.values())).days < 30


@dataclass(frozen=True)
class Paper:
    """A record: whose word, what about, whose data, who else is named, and of which referral."""

    by: str
    matter: str
    about: str = ""
    beside: tuple[str, ...] = ()
    referral: str = ""
    move: bool = False
    keeps_out: str = ""
    """Of a restriction: the agency that it would keep out."""


ASKS = {
    "council": "audit reporting protection subject_request",
    "dhs": "protection reporting subject_request",
    "bpd": "investigation protection reporting subject_request",
    "odpp": "investigation reporting subject_request",
}
SHOWS = {
    "reporting": "file justice work",
    "investigation": "file justice intelligence protection restriction work",
    "protection": "file justice protection health placement restriction work",
    "subject_request": "file justice protection health placement work",
    "audit": "file justice intelligence protection health placement restriction work",
}


def purposes(story: Story, agency: str, paper: Paper, suspect: str, today: date) -> set[str]:
    """For what an agency sees a record, sentence by sentence."""
    if agency not in {*ASKS, *PARTNERS, "labour", "mohw", "immigration"} or shut_out(story, agency, today):
        return set()
    asks = ASKS.get(agency, "protection subject_request").split()
    if paper.by == agency:
        return set(asks)
    if paper.keeps_out == agency != "council":
        return set()
    on_own = paper.move and paper.referral in _own(story, agency, today)
    if not on_own and not _sees_of_others(story, agency, paper, suspect, today):
        return set()
    return {each for each in asks if paper.matter in SHOWS[each].split()}


def _sees_of_others(  # noqa: C901, PLR0911 - one sentence after the other
    story: Story, agency: str, paper: Paper, suspect: str, today: date
) -> bool:
    care = paper.matter in {"health", "placement"}
    if agency == "council" or paper.matter == "work":
        return True
    if agency in {"bpd", "odpp"}:
        return not care
    taken = _accepted(story, agency, today)
    on_own = paper.referral in taken and not any(
        lost(story, each, agency, today) for each in (paper.about, *paper.beside) if each
    )
    if agency == "dhs" and not care:
        return paper.matter != "intelligence"
    if agency in {"labour", "mohw", "immigration"}:
        return on_own and paper.matter in {"protection", "health", "placement"}
    if paper.matter in {"intelligence", "restriction"}:
        return False
    purpose = "health_care" if paper.matter == "health" else "protection_services"

    def learns(person: str) -> bool:
        if agency == "dhs" and care and child(story, person, today):
            return True
        consented = told(story, person, agency, [purpose], today, not_by=agency, duty=False)
        return consented and not lost(story, person, agency, today)

    if care:
        return on_own or (bool(paper.about) and learns(paper.about))
    held = set(taken.values())
    if not paper.about and not paper.beside:
        return bool(held)
    if paper.about and paper.about != suspect:
        return paper.about in held or learns(paper.about)
    return any(each in held or learns(each) for each in paper.beside if each != suspect)


def _going(story: Story, today: date, agency: str) -> list[Word]:
    ended = {each.what for each in story if each.kind == "ended"}
    sent = [each for each in story if each.kind == "sent" and each.what not in ended]
    return [each for each in sent if not lost(story, each.person, agency, today)]


def _own(story: Story, agency: str, today: date) -> set[str]:
    sent = {each.what for each in story if each.kind == "sent" and each.by == agency}
    return sent | {each.what for each in _going(story, today, agency) if agency in each.to}


def _accepted(story: Story, agency: str, today: date) -> dict[str, str]:
    """The referrals that another sent and the agency accepted, each with its person."""
    yes = {each.what for each in story if each.kind == "accepted" and each.by == agency}
    return {each.what: each.person for each in _going(story, today, agency) if each.what in yes and agency in each.to}
