"""Create the tables line, inbox, quarantine, resubmission, relay and relay_offset, and those of Kafka positions.

`line` and `relay` get one row of zeros. The inbox is also the relay's outbox. The tables relay and relay_offset are the
relay's pointer. By grants inbox, quarantine and resubmission are append-only: intake cannot change what it once
accepted.
"""

from typing import Final

from services.runtime.fenced_positions import TABLES

revision: Final = "0001"
down_revision: Final = None

STATEMENTS: Final[tuple[str, ...]] = (
    *TABLES,
    # One row: the end of the line. It is read and moved only under the line's advisory lock.
    """
    CREATE TABLE line (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        last_n bigint NOT NULL CHECK (last_n >= 0),
        last_at bigint NOT NULL,
        last_repeat bigint NOT NULL CHECK (last_repeat >= 0)
    )
    """,
    "INSERT INTO line (last_n, last_at, last_repeat) VALUES (0, 0, 0)",
    """
    CREATE TABLE inbox (
        n bigint PRIMARY KEY CHECK (n > 0),
        source text NOT NULL,
        id uuid NOT NULL,
        digest bytea NOT NULL CHECK (octet_length(digest) = 32),
        accepted_at bigint NOT NULL,
        type text NOT NULL,
        agency text NOT NULL,
        payload bytea NOT NULL,
        entities text[] NOT NULL CHECK (cardinality(entities) BETWEEN 1 AND 128),
        inbound_topic text NOT NULL,
        inbound_partition integer NOT NULL,
        inbound_offset bigint NOT NULL,
        CONSTRAINT inbox_source_id_key UNIQUE (source, id)
    )
    """,
    # The original bytes, key and headers are only in `sealed`. source and id are set if their form is valid.
    """
    CREATE TABLE quarantine (
        n bigint PRIMARY KEY CHECK (n > 0),
        accepted_at bigint NOT NULL,
        agency text NOT NULL,
        reason text NOT NULL,
        pointer text NOT NULL,
        source text,
        id uuid,
        type text,
        key_id text NOT NULL,
        nonce bytea NOT NULL CHECK (octet_length(nonce) = 12),
        sealed bytea NOT NULL,
        inbound_topic text NOT NULL,
        inbound_partition integer NOT NULL,
        inbound_offset bigint NOT NULL,
        inbound_timestamp bigint NOT NULL,
        attempts integer NOT NULL CHECK (attempts > 0),
        CHECK ((source IS NULL) = (id IS NULL))
    )
    """,
    "CREATE INDEX quarantine_key ON quarantine (agency, source, id, attempts) WHERE id IS NOT NULL",
    # An accepted event that was sent again. It gets no number of its own, but a receipt with the first number.
    """
    CREATE TABLE resubmission (
        seq bigint PRIMARY KEY CHECK (seq > 0),
        n bigint NOT NULL REFERENCES inbox (n),
        repeated_at bigint NOT NULL,
        agency text NOT NULL,
        inbound_topic text NOT NULL,
        inbound_partition integer NOT NULL,
        inbound_offset bigint NOT NULL
    )
    """,
    # One row: the last numbers that the broker has acknowledged. Every relay that starts raises the epoch.
    """
    CREATE TABLE relay (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        last_n bigint NOT NULL CHECK (last_n >= 0),
        last_repeat bigint NOT NULL CHECK (last_repeat >= 0),
        epoch bigint NOT NULL
    )
    """,
    "INSERT INTO relay (last_n, last_repeat, epoch) VALUES (0, 0, 0)",
    """
    CREATE TABLE relay_offset (
        topic text NOT NULL,
        part integer NOT NULL,
        off bigint NOT NULL,
        PRIMARY KEY (topic, part)
    )
    """,
    "GRANT SELECT, INSERT ON inbox, quarantine, resubmission TO intake",
    "GRANT SELECT, UPDATE ON line, relay TO intake",
    "GRANT SELECT, INSERT, UPDATE ON relay_offset, position TO intake",
    "GRANT SELECT, INSERT ON topic TO intake",
)
