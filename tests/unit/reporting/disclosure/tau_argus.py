"""A process of its own for Tau-Argus: it brings a HiGHS of its own, and two of them in one process disturb each other.

`protect`: reads a list of persons, prints the rows of the protected table and the audited intervals. `audit`: reads
cells and equations in the engine's own form, prints the audited intervals. Both read from standard input.
"""

import json
import sys
from pathlib import Path

from pytauargus import protect  # type: ignore[import-untyped] # it brings no types
from pytauargus.engine import audit_jj  # type: ignore[import-untyped]

if __name__ == "__main__":
    _, does, folder = sys.argv
    if does == "audit":
        file = Path(folder) / "linked.jj"
        file.write_bytes(sys.stdin.buffer.read())
        json.dump(audit_jj(str(file)), sys.stdout)
    else:
        done = protect(
            json.load(sys.stdin),
            ["Year", "Sex"],
            response="One",
            safety_rules="FREQ(10,30)",
            suppress="OPT(1)",
            workdir=folder,
        )
        json.dump({"rows": done.tables[0].rows, "audited": done.engine.audit(0)}, sys.stdout)
