"""The literal table of what each role may do in the database. Whatever is not here is denied, and fails the test.

Of a relation: the letters of PostgreSQL's own lists of rights (r select, a insert, w update, d delete, D truncate). Of
an update or a selection of some columns: the columns.
"""

from typing import Final, NamedTuple


class May(NamedTuple):
    """Rights of a role on one relation."""

    letters: str
    columns: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    """Columns that may be selected, where the whole relation may not."""


_POSITIONS: Final = {"topic": May("ra"), "position": May("r")}
_SERVICES: Final = ("intake", "referral", "case_tracker", "reporting", "web")
_COPIES: Final = {"schema_step": May("r"), "running_copy": May("rawd")}
_MOVES: Final = (
    "take_over_positions(uuid[],integer[],text[])",
    "advance_positions(uuid[],integer[],bigint[],bigint[],bigint[])",
)

OWN_ROWS: Final = {
    "referral.own_referrals": May("r"),
    "referral.own_waits": May("r"),
    "case_tracker.own_findings": May("r"),
    "referral.standing": May(
        "",
        reads=(
            *("referral", "person", "case_id", "sender", "receiver", "holder", "state", "urgency", "service_types"),
            "seen_by",
        ),
    ),
    "referral.waiting": May(
        "",
        reads=(
            *("kind", "agency", "about", "person", "case_id", "since", "due_at", "urgency", "sender", "receiver"),
            *("holder", "state"),
        ),
    ),
    "case_tracker.seen_fact": May("", reads=("case_id", "agency", "ref")),
    "case_tracker.finding": May(
        "", reads=("finding", "case_id", "code", "severity", "records", "opened_at", "closed_at", "closure")
    ),
}
"""Rows of the caller's agency alone: policies of the tables see to that."""

RELATIONS: Final[dict[str, dict[str, May]]] = {
    "intake": {
        **{f"intake.{name}": may for name, may in (_POSITIONS | _COPIES).items()},
        **{f"intake.{name}": May("ra") for name in ("inbox", "quarantine", "resubmission", "copy", "act", "passed")},
        **{f"intake.{name}": May("rawd") for name in ("merged", "same", "linked")},
        "intake.quarantine_volume": May("raw"),
        **{f"intake.{name}": May("r") for name in ("line", "relay", "relay_offset", "api_key", "entry")},
    },
    "identity": {"identity.known": May("ra"), "identity.agency_key": May("r")},
    "registrar": {
        "intake.api_key": May("ra", ("revoked_at",)),
        "identity.agency_key": May("a"),
        "web.account": May("ra", ("agency", "disabled_at", "role", "secret")),
        "web.link": May("a"),
        "web.session": May("rd"),
        "web.token": May("rad"),
    },
    "web": {
        **{f"web.{name}": may for name, may in _COPIES.items()},
        "web.account": May("r", ("secret",)),
        "web.link": May("rd", ("used_at",)),
        "web.session": May("rad", ("confirmed_at", "proved_at", "provider_session", "seen_at", "used_at")),
        "web.token": May("r"),
        "web.freshness": May("r"),
        "web.statement": May("rad"),
        "web.read_mark": May("rad"),
        **{
            f"reporting.{name}": May("r")
            for name in ("figure_cell", "figure_status", "edition_cell", "edition_status", "acceptance")
        },
        "reporting.asked_edition": May("r"),
        "reporting.released": May("r"),
        "reporting.figure_value": May("r"),
    },
    "referral": {
        **{f"referral.{name}": may for name, may in (_POSITIONS | _COPIES).items()},
        "referral.outbox": May("rawd"),
        "referral.fact": May("raw"),
        "referral.held": May("rad"),
        "referral.waiting": May("rawd"),
        "referral.waited": May("ra"),
        "referral.carer": May("rad"),
        "referral.notice": May("rad"),
        "referral.waits": May("r"),
        "referral.danger": May("raw"),
        "referral.kept_out": May("rad"),
        "referral.kept_from": May("rad"),
        "referral.person_case": May("rad"),
        "referral.dangers": May("r"),
        "referral.standing": May("rad"),
    },
    "case_tracker": {
        **{f"case_tracker.{name}": may for name, may in (_POSITIONS | _COPIES).items()},
        "case_tracker.outbox": May("rawd"),
        "case_tracker.fact": May("raw"),
        "case_tracker.held": May("rad"),
        "case_tracker.finding": May("rawd"),
        "case_tracker.findings": May("r"),
        "case_tracker.unsaid": May("rw"),
        "case_tracker.viewed": May("r"),
        "case_tracker.view_said": May("ra"),
        "case_tracker.kept_from": May("rad"),
        "case_tracker.kept": May("r"),
        "case_tracker.stored_fact": May("rawd"),
        "case_tracker.fact_content": May("rawd"),
        "case_tracker.seen_fact": May("rawd"),
        "case_tracker.seen_case": May("raw"),
    },
    "reporting": {
        **{f"reporting.{name}": may for name, may in (_POSITIONS | _COPIES).items()},
        **{f"reporting.{name}": May("ra") for name in ("ledger", "source", "version", "release", "release_step")},
        "reporting.figure_version": May("raw"),
        "reporting.serving": May("raw"),
        "reporting.asked_edition": May("r", ("answered_at", "known_at")),
        "reporting.asked_why": May("r", ("answer", "answered_at", "complete_to", "shown")),
        **{f"reporting.{name}": May("rawd") for name in ("cell", "parked", "progress")},
        **{
            f"reporting.{name}": May("rawd") for name in ("definition", "exact_value", "protected_value", "values_made")
        },
        **{
            f"reporting.{name}": May("r")
            for name in (
                *("served", "complete_progress", "figure_cell", "figure_status"),
                *("edition", "edition_cell", "edition_status"),
            )
        },
        **{f"reporting.{name}": May("rawdD") for name in ("replay_run", "replay_part")},
        "reporting.replay_outcome": May("ra"),
        "reporting.told_value": May("rad"),
        **{
            f"reporting.{name}": May("radD")
            for name in ("replay_row", "replay_cell", "replay_parked", "replay_fault", "replay_led")
        },
    },
    "me_read": {f"reporting.{name}": May("r") for name in ("figure_value", "figure_definition", "figure_status")},
    "me_officer": {
        f"reporting.{name}": May("r") for name in ("figure_value", "figure_definition", "figure_status", "figure_exact")
    },
    "officer": {
        "referral.waits": May("r"),
        "referral.dangers": May("r"),
        **{f"case_tracker.{name}": May("r") for name in ("findings", "kept", "seen_by", "seen_record")},
        **{
            f"reporting.{name}": May("r")
            for name in ("figure_cell", "figure_status", "edition_cell", "edition_status", "acceptance", "released")
        },
    },
    "auditor": {
        **OWN_ROWS,
        "case_tracker.viewed": May("r"),
        **{
            f"reporting.{name}": May("r")
            for name in ("figure_value", "figure_definition", "figure_status", "ledger_entry", "exact_question")
        },
        "reporting.exact_look": May("r"),
    },
    "agency": OWN_ROWS,
    "operations_read": OWN_ROWS,
    "counting": {
        name: May("r") for name in ("referral.standing", "referral.waiting", "referral.danger", "case_tracker.finding")
    },
    "migrator": {},
}

_OF_POLICIES: Final = frozenset({"access.caller()", "access.is_bound()", "access.callers()", "access.sees_every(text)"})

FUNCTIONS: Final[dict[str, frozenset[str]]] = {
    "intake": frozenset(
        {
            *(f"intake.{name}" for name in _MOVES),
            "intake.move_line(bigint,bigint,bigint,bigint,bigint)",
            "intake.take_over_relay()",
            "referral.standing_for(text,text)",
            "referral.delivered_on(text,bigint,integer)",
            "case_tracker.delivered_on(text,bigint,integer)",
            "intake.move_relay(bigint,bigint,bigint,bigint,bigint,text[],integer[],bigint[])",
        }
    ),
    "referral": _OF_POLICIES
    | frozenset(f"referral.{name}" for name in (*_MOVES, "kept_from_cases(text[],timestamp with time zone)")),
    "case_tracker": _OF_POLICIES | frozenset(f"case_tracker.{name}" for name in _MOVES),
    "reporting": frozenset(f"reporting.{name}" for name in _MOVES) | {"reporting.forget_edition()"},
    "me_officer": frozenset({"reporting.exact_values()", "reporting.ask_exact(text,text)"}),
    "officer": _OF_POLICIES | {"reporting.recorded(bytea)", "reporting.note_exact(text,text,text,text,text)"},
    "web": frozenset(
        {
            "reporting.recorded(bytea)",
            "web.open_refusals()",
            "web.note_exact(text,text,text,text,text)",
            "reporting.ask_edition(text,date)",
            "web.service_positions()",
            "web.line_positions()",
            "web.quarantine_by_agency()",
            "web.ask_why(text,text,text,text)",
            "web.why_seen(text,text,text,text)",
            "web.provider_account(bytea,text,text,text,text)",
            "web.waits_seen()",
            "web.waits_stood(timestamp with time zone)",
            "web.referrals_seen(text)",
            "web.dangers_seen()",
            "web.dangers_stood(timestamp with time zone)",
            "web.referral_counts(timestamp with time zone)",
            "web.waits_by_agency(timestamp with time zone)",
            "web.open_danger_counts(timestamp with time zone)",
            "case_tracker.note_look(text,text,text)",
            "case_tracker.note_looks(text,integer,integer)",
            "case_tracker.note_looks_after(text,timestamp with time zone,timestamp with time zone,text,integer)",
            "case_tracker.look(bigint)",
            "case_tracker.look_beside(bigint,timestamp with time zone)",
            "case_tracker.look_findings(bigint,timestamp with time zone)",
            "case_tracker.look_findings_stood(bigint,timestamp with time zone)",
            "case_tracker.cases_looked(text[])",
            "case_tracker.delivered_to_caller()",
            "case_tracker.findings_seen()",
            "case_tracker.findings_stood(timestamp with time zone)",
        }
    ),
    "operations_read": _OF_POLICIES,
    "counting": frozenset(
        {
            "web.session_of(text[])",
            "web.referral_counts(timestamp with time zone)",
            "web.waits_by_agency(timestamp with time zone)",
            "web.open_danger_counts(timestamp with time zone)",
        }
    ),
    "agency": _OF_POLICIES
    | frozenset(
        {
            "case_tracker.note_look(text,text,text)",
            "case_tracker.look(bigint)",
            "case_tracker.look_beside(bigint,timestamp with time zone)",
            "case_tracker.look_findings(bigint,timestamp with time zone)",
            "case_tracker.findings_seen()",
            "case_tracker.records_seen(text[],text)",
            "case_tracker.note_records(text[],text)",
        }
    ),
}
FUNCTIONS["auditor"] = FUNCTIONS["agency"]

SCHEMAS: Final[dict[str, frozenset[str]]] = {
    **{name: frozenset({name}) for name in ("referral", "case_tracker", "reporting", "identity")},
    "intake": frozenset({"intake", "referral", "case_tracker"}),
    **{name: frozenset({"reporting"}) for name in ("me_read", "me_officer")},
    "officer": frozenset({"reporting", "referral", "case_tracker"}),
    "registrar": frozenset({"intake", "web", "identity"}),
    "web": frozenset({"reporting", "web", "case_tracker"}),
    "agency": frozenset({"case_tracker", "referral", "access"}),
    "operations_read": frozenset({"case_tracker", "referral", "access"}),
    "counting": frozenset({"referral", "case_tracker", "access", "web"}),
    "auditor": frozenset({"case_tracker", "reporting", "referral", "access"}),
}

APPEND_ONLY: Final = frozenset(
    {
        *(f"intake.{name}" for name in ("inbox", "quarantine", "resubmission", "copy", "act", "passed", "topic")),
        *("intake.api_key", "identity.known", "identity.agency_key"),
        *("referral.waited", "referral.topic", "referral.fact", "referral.outbox"),
        *("case_tracker.viewed", "case_tracker.view_said", "case_tracker.topic", "case_tracker.fact"),
        "case_tracker.outbox",
        *("reporting.ledger", "reporting.source", "reporting.version", "reporting.topic"),
        *("reporting.exact_question", "reporting.exact_look"),
        *("reporting.release", "reporting.release_step"),
    }
)
"""Append-only for their owner too. Of `api_key` only `revoked_at` changes, of `fact` only `decided`, of `outbox` only
`sent`; an outbox forgets deliveries that were sent."""

CHANGING: Final = frozenset(
    {
        *(f"intake.{name}" for name in ("line", "relay", "relay_offset", "merged", "same", "linked")),
        "intake.quarantine_volume",
        *(f"{schema}.position" for schema in ("intake", "referral", "case_tracker", "reporting")),
        *(f"{schema}.alembic_version" for schema in ("intake", "referral", "case_tracker", "reporting")),
        *(f"{schema}.{name}" for schema in _SERVICES for name in ("schema_step", "running_copy")),
        *("reporting.serving", "referral.held", "case_tracker.held"),
        *("referral.waiting", "referral.carer", "referral.notice", "referral.danger", "referral.standing"),
        *("referral.kept_out", "referral.kept_from", "referral.person_case"),
        *("case_tracker.finding", "case_tracker.kept_from"),
        *("case_tracker.seen_case", "case_tracker.stored_fact", "case_tracker.seen_fact"),
        "case_tracker.fact_content",
        *(
            f"reporting.{name}"
            for name in ("figure_version", "cell", "parked", "progress", "asked_edition", "asked_why")
        ),
        *(f"reporting.{name}" for name in ("definition", "exact_value", "protected_value", "values_made")),
        "reporting.told_value",
        *("reporting.replay_run", "reporting.replay_part", "reporting.replay_row", "reporting.replay_cell"),
        *("reporting.replay_parked", "reporting.replay_fault", "reporting.replay_led", "reporting.replay_outcome"),
        *(
            f"web.{name}"
            for name in ("account", "link", "session", "token", "statement", "read_mark", "alembic_version")
        ),
        *("access.login", "access.agency"),
    }
)
"""Tables that may change: derived from others, with one place that moves, or of one run."""

BY_AGENCY: Final = frozenset(
    {
        *(f"referral.{name}" for name in ("standing", "waiting", "waited", "danger")),
        *(f"case_tracker.{name}" for name in ("seen_fact", "seen_case", "stored_fact", "fact_content", "finding")),
        *("case_tracker.viewed", "case_tracker.kept_from"),
    }
)
"""Tables that give a caller the rows of its agency alone, whichever function asks."""
