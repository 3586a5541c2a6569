"""Each item of OWASP ASVS that applies names a test that exists, or says that there is none yet."""

import csv
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_each_item_names_a_test_that_exists_or_says_not_yet() -> None:
    with (ROOT / "tests/asvs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 20
    for row in rows:
        assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", row["item"]), row
        assert row["what"], row
        if row["test"].startswith("not yet"):
            continue
        path, _, name = row["test"].partition("::")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^ *(async )?def {re.escape(name)}\(", text, re.MULTILINE), row  # a file alone says nothing


def test_the_page_tells_the_same_items() -> None:
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    with (ROOT / "tests/asvs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert f"| {row['item']} | {row['what']} |" in page, row["item"]
