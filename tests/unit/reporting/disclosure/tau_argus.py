"""A process of its own for Tau-Argus: it brings a HiGHS of its own, and two of them in one process disturb each other.

Reads a list of persons from standard input, prints the rows of the protected table and the audited intervals.
"""

import json
import sys

from pytauargus import protect  # type: ignore[import-untyped] # it brings no types

if __name__ == "__main__":
    done = protect(
        json.load(sys.stdin),
        ["Year", "Sex"],
        response="One",
        safety_rules="FREQ(10,30)",
        suppress="OPT(1)",
        workdir=sys.argv[1],
    )
    json.dump({"rows": done.tables[0].rows, "audited": done.engine.audit(0)}, sys.stdout)
