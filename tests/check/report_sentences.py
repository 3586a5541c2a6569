"""The report for 2024 in its own words (`report_2024.txt`), by the rows of docs/figures.md that answer each sentence.

`python -m tests.check.report_sentences FILE` compares the list with the text of the report. Each sentence of the list
stands in the text. Each sentence of the text that holds a number stands in the list.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

LIST: Final = Path(__file__).with_name("report_2024.txt")
NOTHING: Final = "-"
"""In place of rows: the sentence counts nothing."""

_MARKS: Final = re.compile(r"<[^>]+>|\*\*|\n")
_SENTENCES: Final = re.compile(r"(?<=[.!?:;]) (?=[A-Z])")
_SPACE: Final = re.compile(r"\s+")
_YEAR: Final = re.compile(r"\b(19|20)\d\d\b")
_WORDS: Final = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
}
_HEADING: Final = re.compile(r"\d+\.?")
"""A number alone: of a page, or of a list."""
_BEGINS: Final = "The Government of Belize continues its anti-human trafficking work"
"""Before this stand contents, acronyms and a foreword; and the ways to report, which the list has by hand."""


class Claim(NamedTuple):
    """A sentence of the report, the rows that answer it, and for one that counts nothing, why."""

    rows: tuple[str, ...]
    says: str
    because: str = ""


def claims(text: str | None = None) -> list[Claim]:
    """Read the list."""
    lines = (LIST.read_text("utf-8") if text is None else text).splitlines()
    told = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [Claim(tuple(rows.split()), *said) for rows, *said in told]


def numbers(sentence: str) -> set[int]:
    """The numbers of a sentence, in digits or as words up to twelve; years are none."""
    without = _YEAR.sub("", sentence.replace(",", " "))
    digits = {int(each) for each in re.findall(r"\d+", without)}
    return digits | {_WORDS[word] for word in re.findall(r"[a-z]+", without.lower()) if word in _WORDS}


def sentences(report: str) -> Iterator[str]:
    """The sentences, cells and headings of the report's text, without marks of its layout."""
    for line in _MARKS.sub("\n", report).splitlines():
        yield from _SENTENCES.split(_SPACE.sub(" ", line).strip().lstrip("▪- ").strip())


def differences(report: str, listed: Iterable[Claim]) -> list[str]:
    """Return sentences of the list that the report lacks, and counted sentences of the report that the list lacks."""
    listed = list(listed)
    said, known = set(sentences(report)), {each.says for each in listed}
    counted = sentences(report[max(report.find(_BEGINS), 0) :])
    return [
        *(f"not in the report: {each.says}" for each in listed if each.says not in said),
        *(
            f"not in the list: {each}"
            for each in dict.fromkeys(counted)
            if numbers(each) and each not in known and not _HEADING.fullmatch(each)
        ),
    ]


def main() -> int:
    """Print the differences between the list and a report; 1 where there are any."""
    found = differences(Path(sys.argv[1]).read_text("utf-8"), claims())
    sys.stdout.writelines(f"{each}\n" for each in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
