"""Search for the codes that a text may mean: first by the words shared with labels, then by spelling."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from difflib import SequenceMatcher, get_close_matches
from math import log
from typing import Final

MOST: Final = 3
"""The most codes that are suggested; for more, the list itself is named."""
LONGEST: Final = 60
"""The most characters of a text that is searched for: no label that a clerk types has more."""
_SHORTEST_WORD: Final = 3
_SHORTEST_MISTYPED: Final = 4
"""The fewest letters of a word that may be mistyped: a shorter word with another letter is another word."""
_ENGLISH: Final = ("the", "and", "for", "with", "without", "other", "others", "another", "not")
_SPANISH: Final = (
    *("con", "sin", "del", "las", "los", "para", "por", "una", "uno", "fines"),
    *("otro", "otra", "otros", "otras"),
)
_MEANS_NOTHING: Final = frozenset((*_ENGLISH, *_SPANISH))
_ALIKE: Final = 0.8
"""Least similarity of two spellings, from 0 to 1.

At 0.6 "labour trafficking" is like "Facilitating trafficking".
"""
_TOLD: Final = 0.5
"""Least share of a text's words that a label must have. A word weighs more if fewer codes have it."""
_NEXT: Final = 0.8
"""Least share of another suggested code, as a part of the best code's share."""
_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_WORDS: Final = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Return a text without differences of typing: capitals, accents, underscores, doubled spaces."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return _SPACES.sub(" ", bare.replace("_", " ").replace("’", "'").casefold()).strip()


def near(text: str, labels: Mapping[str, AbstractSet[str]]) -> tuple[str, ...]:
    """Return up to three codes that a text may mean, the best first; none if more than three are equally near.

    `labels`: by plain text of a code or label, its codes. Example: "labour trafficking" gives `tip_labour`
    ("Trafficking for forced labour") and no other offence.
    """
    if len(text) > LONGEST:
        return ()
    typed = plain(text)
    found = _of_words(_words(typed), labels)
    if found is not None:
        return found
    spelled = get_close_matches(typed, labels, n=MOST, cutoff=_ALIKE)
    return tuple(dict.fromkeys(code for label in spelled for code in sorted(labels[label])))[:MOST]


def _of_words(typed: frozenset[str], labels: Mapping[str, AbstractSet[str]]) -> tuple[str, ...] | None:
    """Return the codes that share enough words; None if no code does, empty if too many do."""
    words = {label: _words(label) for label in labels}
    spread = Counter(
        word for word, _ in {(word, code) for label in labels for word in words[label] for code in labels[label]}
    )
    many = 1 + len({code for codes in labels.values() for code in codes})
    alike = {each: {word for word in spread if _same(each, word)} for each in typed}
    weights = {each: log(many / min((spread[word] for word in alike[each]), default=1)) for each in typed}
    whole = sum(weights.values()) or 1.0
    shares: dict[str, float] = {}
    for label, codes in labels.items():
        shared = sum(weights[each] for each in typed if alike[each] & words[label])
        for code in codes:
            shares[code] = max(shares.get(code, 0.0), shared / whole)
    best = max(shares.values(), default=0.0)
    if best < _TOLD:
        return None
    found = [code for code, share in shares.items() if share >= max(_TOLD, _NEXT * best)]
    return tuple(sorted(found, key=lambda code: -shares[code])) if len(found) <= MOST else ()


def _words(text: str) -> frozenset[str]:
    return frozenset(_kept(text))


def _kept(text: str) -> Iterator[str]:
    return (each for each in _WORDS.findall(text) if len(each) >= _SHORTEST_WORD and each not in _MEANS_NOTHING)


def _same(typed: str, word: str) -> bool:
    """Whether two words count as equal: if `word` begins with `typed`, or differs by a slip after the first letter."""
    if typed == word or word.startswith(typed):
        return True
    if min(len(typed), len(word)) < _SHORTEST_MISTYPED or typed[0] != word[0] or abs(len(typed) - len(word)) > 2:  # noqa: PLR2004
        return False
    return SequenceMatcher(None, typed, word).ratio() > _ALIKE  # "quite" and "quien" are alike by just so much
