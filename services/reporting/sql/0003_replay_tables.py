"""Create a replay's unlogged tables, `replay_run` to `replay_led`. They hold one run at a time.

A replay reads the topics again and compares them with the ledger and the live cells. The tables need no crash safety,
because a run can be repeated: after a crash of the database they are empty.
"""

from typing import Final

revision: Final = "0003"
down_revision: Final = "0002"

# A partition of the log is read alone, so its rows lie in one slice. How many partitions there are is not known here.
SLICES: Final = 32

STATEMENTS: Final[tuple[str, ...]] = (
    # `live_version`: the version whose cells are compared. `offsets`: up to them the log holds each event up to
    # `complete_to`.
    """
    CREATE UNLOGGED TABLE replay_run (
        run bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        hash text NOT NULL,
        mode text NOT NULL,
        until bigint,
        begun_at timestamptz NOT NULL DEFAULT now(),
        live_version smallint,
        complete_to bigint NOT NULL,
        offsets jsonb NOT NULL,
        finished boolean NOT NULL DEFAULT false
    )
    """,
    # `claim`: the coordinator whose workers may write. `digest`: of entities folded from the topics; `live_digest`: of
    # entities folded from the ledger.
    """
    CREATE UNLOGGED TABLE replay_part (
        topic smallint NOT NULL,
        part smallint NOT NULL,
        stop bigint NOT NULL,
        next_offset bigint NOT NULL DEFAULT 0 CHECK (next_offset <= stop),
        claim bigint NOT NULL,
        folded boolean NOT NULL DEFAULT false,
        entities bigint NOT NULL DEFAULT 0,
        digest bytea NOT NULL DEFAULT '',
        live_digest bytea NOT NULL DEFAULT '',
        PRIMARY KEY (topic, part)
    )
    """,
    """
    CREATE TABLE replay_row (
        n bigint NOT NULL,
        off bigint NOT NULL,
        accepted_at bigint NOT NULL,
        ent uuid NOT NULL,
        id uuid NOT NULL,
        topic smallint NOT NULL,
        part smallint NOT NULL,
        primary_copy boolean NOT NULL,
        changes boolean NOT NULL,
        source text NOT NULL,
        payload bytea NOT NULL
    ) PARTITION BY HASH (topic, part)
    """,
    *(
        f"CREATE UNLOGGED TABLE replay_row_{number:02} PARTITION OF replay_row "
        f"FOR VALUES WITH (MODULUS {SLICES}, REMAINDER {number})"
        for number in range(SLICES)
    ),
    """
    CREATE UNLOGGED TABLE replay_cell (
        live boolean NOT NULL,
        topic smallint NOT NULL,
        part smallint NOT NULL,
        figure text NOT NULL,
        on_from date NOT NULL,
        on_to date NOT NULL,
        again boolean NOT NULL,
        dims jsonb NOT NULL,
        amount bigint NOT NULL
    )
    """,
    """
    CREATE UNLOGGED TABLE replay_parked (
        live boolean NOT NULL,
        topic smallint NOT NULL,
        part smallint NOT NULL,
        ent uuid NOT NULL,
        cause text NOT NULL,
        n bigint NOT NULL
    )
    """,
    # Faults found: ledger rows that differ from the topics, and copies on the topics that differ from routing's rules.
    """
    CREATE UNLOGGED TABLE replay_fault (
        audit text NOT NULL,
        fault text NOT NULL,
        n bigint NOT NULL,
        topic smallint NOT NULL,
        ent uuid NOT NULL,
        part smallint,
        off bigint
    )
    """,
    # Events whose routing depends on a correction or a merge. They are few, and are checked together.
    "CREATE UNLOGGED TABLE replay_led (n bigint NOT NULL)",
    "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON replay_run, replay_part TO reporting",
    """
    GRANT SELECT, INSERT, DELETE, TRUNCATE ON replay_row, replay_cell, replay_parked, replay_fault, replay_led
    TO reporting
    """,
)
