"""`python -m tests.supply`: write the bill of materials, and ask an index for advisories against it.

Without an answer it says "not checked" and ends well: a machine without network builds too.
"""

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from tests.supply import advisories, materials

INTO = materials.ROOT / "build"
ACCEPTED = Path(__file__).with_name("accepted.csv")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def main(into: Path, index: str, today: date) -> int:
    """Do both; gives 1 where an advisory counts."""
    file, answer = into / "sbom.json", into / "advisories.json"
    new = materials.written(file)
    everything = materials.materials()
    of_locks = materials.digest()
    say(f"bill of materials: {len(everything)} components, {'written' if new else 'as before'}: {file.name}")
    found = advisories.kept(answer, of_locks, today)
    if found is None:
        try:
            found = advisories.ask(everything, index)
        except advisories.NoAnswerError as error:
            say(f"known vulnerabilities: not checked: no answer from {index} ({error})")
            return 0
        advisories.keep(answer, of_locks, today, found)
    counted = advisories.left(found, advisories.accepted(ACCEPTED), today)
    for name, ids in counted.items():
        say(f"known vulnerability: {name}: {', '.join(ids)}")
    if counted:
        say(f"Take a version without it, or accept it in {ACCEPTED.name} with a reason and a day of review.")
        return 1
    say(f"known vulnerabilities: none that counts, in {len(everything)} components")
    return 0


if __name__ == "__main__":
    sys.exit(main(INTO, os.environ.get("ATIPS_ADVISORIES", advisories.INDEX), datetime.now(UTC).date()))
