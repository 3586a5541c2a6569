"""Roles of a deployment's database: their names, their limits, and the settings of their sessions."""

from __future__ import annotations

OWNER = "owner"  # owns the schemas; nobody logs in as it
MIGRATOR = "migrator"  # logs in to act as the owner, for migrations alone
READER = "me_read"  # selects from the views of figures that hide small numbers, and sees nothing else
ME_OFFICER = "me_officer"  # what every named M&E officer's login may do; nobody logs in as it
OFFICER = "officer"  # selects exact figures, findings and waits: for the commands of the operator's console
REGISTRAR = "registrar"  # adds and revokes API keys, and adds agencies' secrets of own numbers
AUDITOR = "auditor"  # looks at cases for audits, as the Council, and reads the log of looks
AGENCY = "agency"  # what every agency's login may do; nobody logs in as it
OPERATIONS_READ = "operations_read"  # selects only rows of the caller's agency; every agency's login is a member
COUNTING = "counting"  # owns functions that give counts over all agencies, and no row; nobody logs in as it
IDENTITY = "identity"  # keeps the ids of agencies' own numbers, and sees nothing else
WEB = "web"  # the pages: reads figures, keeps accounts and sessions
SERVICES = ("intake", "referral", "case_tracker", "reporting")

ROLES = (MIGRATOR, *SERVICES, WEB, IDENTITY, READER, OFFICER, REGISTRAR, AUDITOR)
"""Database roles that log in, besides the login role of each agency."""
SCHEMAS = (*SERVICES, WEB, IDENTITY)

FORMER_READER = "reader"
"""Name that `me_read` had in clusters of earlier versions."""

# Limits of people's logins, so that the services have room and no transaction stays open. A session may raise its own
# time limit and memory. It cannot raise its number of connections, and its temporary files for sorts and joins.
LIMITS = {READER: 20, OFFICER: 50, REGISTRAR: 10, AUDITOR: 5, MIGRATOR: 10}
AGENCY_CONNECTIONS = 5
OFFICER_CONNECTIONS = 5
PATIENCE = {
    "statement_timeout": "5min",
    "idle_in_transaction_session_timeout": "5min",
    # One SQL statement can sort a billion numbers. Without this they fill the disk, and no event is accepted.
    "temp_file_limit": "512MB",
}
OF_PEOPLE = (READER, OFFICER, REGISTRAR, AUDITOR)

# Settings with which a session of a person's tool begins: no schema has to be named, and times are Belize's.
_AT_A_PROMPT = {"timezone": "America/Belize"}
_READ_ONLY = {"default_transaction_read_only": "on"}
SESSIONS = {
    READER: _AT_A_PROMPT | _READ_ONLY | {"search_path": "reporting"},
    ME_OFFICER: _AT_A_PROMPT | {"search_path": "reporting"},
    OFFICER: _AT_A_PROMPT | {"search_path": "reporting, referral, case_tracker"},
    AUDITOR: _AT_A_PROMPT | {"search_path": "case_tracker, reporting"},
}


def begins_read_only(role: str) -> bool:
    """Whether a role's sessions are read-only by default."""
    return SESSIONS.get(role, {}).items() >= _READ_ONLY.items()


def login_of(agency: str) -> str:
    """Return the role with which an agency logs in."""
    return f"{AGENCY}_{agency}"


def officer_login(name: str) -> str:
    """Return the role with which a named M&E officer logs in."""
    return f"{ME_OFFICER}_{name}"


def quoted(identifier: str) -> str:
    """Quote an identifier for SQL."""
    return '"' + identifier.replace('"', '""') + '"'
