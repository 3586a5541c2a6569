"""One-time links to the demo's web pages, and the check that the pages show the numbers that the demo read."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import httpx2

from infra.local.cluster import Cluster
from services.console import users
from services.presentation.rates import plain as plain_rate
from services.presentation.rates import rate_text as told_rate
from services.presentation.report_2024_numbers.comparison_with_figures import PERIOD, ComparedLine
from services.reporting.domain.rates import RATES, Rate
from services.web.domain.account_rules import Account
from services.web.domain.roles import Role

MEMBER: Final = Account("demo-m-and-e", Role.M_AND_E, "sib")
OFFICER: Final = Account("demo-officer", Role.OFFICER, "bpd")
CLERK: Final = Account("demo-clerk", Role.CLERK, "dhs")
OPERATIONS: Final = Account("demo-operations", Role.OPERATIONS, "council")
"""Invented accounts of two committee members, a police officer and a clerk; only in folders of invented data."""

_SECONDS: Final = 30.0


class PagesDifferError(Exception):
    """The pages show other numbers than the demo read, or do not answer. The message names the figures."""


def link(cluster: Cluster, account: Account = MEMBER) -> str:
    """Add the account, or reset it if it exists, and return the address of a one-time link to the pages."""
    return users.add_or_reset_account(cluster.data_dir, account)


def compare(cluster: Cluster, lines: Iterable[ComparedLine], rates: Iterable[Rate]) -> None:
    """Fetch pages, JSON and CSV as `MEMBER` and compare their numbers with `lines` and `rates`.

    Raises `PagesDifferError` if a number differs or the pages do not answer.
    """
    address = link(cluster)
    base = address.partition("/link/")[0]
    try:
        with httpx2.Client(base_url=base, headers={"origin": base}, timeout=_SECONDS, trust_env=False) as client:
            client.post(address)  # answers with the session and the address of the home page
            shown = {name: _text(client, path) for name, path in _ADDRESSES.items()}
    except httpx2.HTTPError as error:
        message = f"the pages do not answer: {type(error).__name__}"
        raise PagesDifferError(message) from None
    if other := different(shown, list(lines), rates):
        message = f"the pages show other numbers: {', '.join(other)}"
        raise PagesDifferError(message)


_ADDRESSES: Final = {
    "home": "/?lang=en",
    "page": f"/figures?period={PERIOD}",
    "json": f"/v1/figures?period={PERIOD}",
    "csv": f"/v1/figures.csv?period={PERIOD}",
    "rates": f"/v1/rates?period={PERIOD}",
    "measures": f"/measures?period={PERIOD}",
}
_AMOUNT: Final = re.compile(r'href="/figures/(\w+)\?.*?numeric"[^>]*>\s*([0-9][0-9,.]*|[?—])')
# Of rows of the table alone: findings above it link to figures too.
_HOME: Final = re.compile(
    r'href="/figures/(\w+)\?(?:(?!</?tr|href="/figures/).)*?numeric"[^>]*>[0-9,.]+</td>'
    r'\s*<td[^>]*numeric"[^>]*>([0-9][0-9,.]*|[?])',
    re.DOTALL,
)
_SHARE: Final = re.compile(r"<strong>([^<]*)</strong><br>.*?</th>\s*<td[^>]*>([^<]*)</td>", re.DOTALL)


def different(shown: Mapping[str, str], lines: Sequence[ComparedLine], rates: Iterable[Rate]) -> list[str]:
    """Return the numbers that differ between the pages and `lines` or `rates`, such as "csv O9"; sorted.

    `shown`: the text of each address, by the names in `_ADDRESSES`.
    """
    whole = {line.printed.number: line.computed for line in lines if not line.printed.dimensions}
    by_json = {each["number"]: each["amount"] for each in json.loads(shown["json"])["figures"]}
    rows = csv.DictReader(io.StringIO(shown["csv"]))
    by_csv = {each["number"]: int(each["amount"]) if each["amount"] else None for each in rows}
    by_page = {number: _read(said) for number, said in _AMOUNT.findall(shown["page"].replace("\n", " "))}
    found = {
        f"{where} {number}"
        for where, seen in (("json", by_json), ("csv", by_csv), ("page", by_page))
        for number, amount in whole.items()
        if number not in seen or seen[number] != amount
    }
    told = [(line.printed.number, line.computed) for line in lines if line.printed.value is not None]
    on_home = [(number, _read(said)) for number, said in _HOME.findall(shown["home"])]
    found |= {f"home {number}" for number, _ in set(told) ^ set(on_home)}
    divided = {each["rate"]: each for each in json.loads(shown["rates"])["rates"]}
    shares = {name: said.strip() for name, said in _SHARE.findall(shown["measures"])}
    for each in rates:
        same = divided.get(each.variant.value, {}).items() >= plain_rate(each).items()
        on_page = shares.get(RATES[each.variant].name_en) == told_rate(each)
        found |= set() if same and on_page else {f"rate {each.variant}"}
    return sorted(found)


def _read(said: str) -> int | None:
    """Parse an amount of a page: commas are ignored, and dollars become cents. None for a dash or "?"."""
    plain = said.replace(",", "").replace(".", "")
    return int(plain) if plain.isdecimal() else None


def _text(client: httpx2.Client, path: str) -> str:
    answer = client.get(path)
    answer.raise_for_status()
    return answer.text
