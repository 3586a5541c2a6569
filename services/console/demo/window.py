"""Links to the pages for people of the demo, and whether the pages show the same numbers."""

from collections.abc import Iterable
from typing import Any, Final

import httpx2

from infra.local.cluster import Cluster
from services.console import users
from services.presentation.printed.beside import PERIOD, Line
from services.web.domain.account import Account
from services.web.domain.roles import Role

MEMBER: Final = Account("demo-m-and-e", Role.M_AND_E, "sib")
CLERK: Final = Account("demo-clerk", Role.CLERK, "dhs")
"""Invented accounts, in folders of invented data alone."""

_SECONDS: Final = 30.0


class PagesDifferError(Exception):
    """The pages do not show what the command read; the message names the figures."""


def link(cluster: Cluster, account: Account = MEMBER) -> str:
    """Give the address of a one-time link for one of the accounts."""
    return users.linked(cluster.data_dir, account)


def compare(cluster: Cluster, lines: Iterable[Line]) -> None:
    """Fetch the pages' figures as the member and compare them with what was read. Raises `PagesDifferError`."""
    address = link(cluster)
    base = address.partition("/link/")[0]
    try:
        with httpx2.Client(base_url=base, headers={"origin": base}, timeout=_SECONDS, trust_env=False) as client:
            client.post(address)  # answers with the session and the address of the home page
            shown = _shown(client)
            home = client.get("/")
            home.raise_for_status()
    except httpx2.HTTPError as error:
        message = f"the pages do not answer: {type(error).__name__}"
        raise PagesDifferError(message) from None
    whole = [line for line in lines if not line.printed.dimensions]
    other = sorted({line.printed.number for line in whole if shown.get(line.printed.number) != line.computed})
    if other:
        message = f"the pages show other numbers: {', '.join(other)}"
        raise PagesDifferError(message)


def _shown(client: httpx2.Client) -> dict[str, Any]:
    answer = client.get("/v1/figures", params={"period": str(PERIOD)})
    answer.raise_for_status()
    return {each["number"]: each["amount"] for each in answer.json()["figures"]}
