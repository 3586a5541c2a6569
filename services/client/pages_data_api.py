"""Client of the web pages' data API: reads cases, findings, figures and referrals with an account's token.

The server decides what the account may see. An operator makes the token (`atips users token`). The token is sent only
over HTTPS, or to an address of this machine.
"""

import ssl
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx2

from services.client.http_answers import unanswered
from services.client.receipt_and_errors import ClientError, Later, NotLetIn, NotTheDoor

T = TypeVar("T")

SECONDS: Final = 30.0
"""Seconds to wait for an answer, at most, because a person waits at a terminal."""
TRIES: Final = 3
"""Times that a list is read from its beginning, at most, if it changes while it is read."""
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_MOVED: Final = 303
_BAD: Final = 400
_NO_ENTRY: Final = 401
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_CHANGED: Final = 409
_TOO_OFTEN: Final = 429
_FIRST_FAULT: Final = 500


class NotForAccount(ClientError):
    """Raised if the account, or its token, may not read the data. The text is the server's, in language `lang`."""


class WrongParameter(ClientError):
    """Raised for a parameter that the server refuses, such as a purpose that is not allowed. The text is its name."""


class Moved(ClientError):
    """Raised for a case that was merged with another case. The text is the other case's id."""


class NotWorkedOut(ClientError):
    """Raised if figures as known on a day are not calculated yet. Somebody must first request them on the web pages."""


class _Changed(Exception):
    """Raised if the list changed while it was read."""


class Pages:
    """Reads the data API at `address` as the account of a token. `lang`: language of texts, `en` or `es`.

    Every method raises `NotLetIn` for an invalid or expired token, and `Later` if the server is away. `NotTheDoor` says
    that something else answered. Others are `NotForAccount` and `WrongParameter`. The constructor raises `NotLetIn` for
    plain HTTP to another machine.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str,
        ca_pem: str | None = None,
        lang: str = "en",
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in _HERE:
            message = "the address is not https: the token is not sent in the clear"
            raise NotLetIn(message)
        self.token: Final = token
        self._client = httpx2.Client(
            base_url=address,
            verify=ssl.create_default_context(cadata=ca_pem or None),
            headers={"Authorization": f"Bearer {token}", "Accept-Language": lang},
            timeout=httpx2.Timeout(SECONDS),
            trust_env=False,
            transport=transport,
        )

    def account(self) -> dict[str, Any]:
        """Return the account as a dict: its name, number, role and agency, and if it may read records of persons."""
        return self._read("/v1/account", {})

    def cases(self, purpose: str, most: int) -> list[dict[str, Any]]:
        """Return cases for a purpose, newest first, at most `most`. The server records a look at each.

        The list is read again from its beginning if a case changes meanwhile.
        """
        return self._steady(lambda: self._cases(purpose, most))

    def _cases(self, purpose: str, most: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while len(found) < most:
            asked = {"purpose": purpose, "limit": str(min(most - len(found), 25))} | _cursor(cursor)
            page = self._read("/v1/cases", asked)
            found += _rows(page, "cases")
            cursor = page.get("next")
            if cursor is None:
                break
        return found

    def case(
        self, case: str, purpose: str, as_of: str | None = None, known_at: str | None = None
    ) -> dict[str, Any] | None:
        """Return a case; None if the account may see nothing of it. The server records the look. Raises `Moved`.

        `as_of`: only facts that had happened by that time. `known_at`: only facts accepted by a time or a day's end.
        """
        times = {"as_of": as_of, "known_at": known_at}
        asked = {"purpose": purpose} | {name: text for name, text in times.items() if text is not None}
        return self._one(f"/v1/cases/{case}", asked)

    def findings(self, period: str, known_at: str | None = None) -> dict[str, Any]:
        """Return the findings of a period as a dict with the keys `findings`, `complete_to` and `withheld`.

        `known_at`: a day or a time; the findings are those of that time. None: now.
        """
        asked = {"period": period} | ({} if known_at is None else {"known_at": known_at})
        return self._whole("/v1/findings", asked, ("findings",))

    def finding(self, finding: str) -> dict[str, Any] | None:
        """Return one finding about a case or a person; None if the account may not know of it."""
        return self._one(f"/v1/findings/{finding}", {})

    def referrals(self, as_of: str | None = None) -> dict[str, Any]:
        """Return a dict with the keys `referrals` and `waiting`. With `as_of` (a time): only `waiting`, as of then."""
        asked = {} if as_of is None else {"as_of": as_of}
        return self._whole("/v1/referrals", asked, ("referrals", "waiting"))

    def definitions(self) -> list[dict[str, Any]]:
        """Return the definitions of the figures that the account may see: what each figure counts."""
        found = self._whole("/v1/definitions", {}, ("definitions",))
        return list(found["definitions"])

    def figures(
        self, period: str, *, by: tuple[str, str] | None = None, as_of: str | None = None, known_at: str | None = None
    ) -> dict[str, Any]:
        """Return the figures of a period that the account may see: `figures`, `complete_to`, `withheld`.

        `by`: a figure's number, and the dimensions of its breakdown joined by commas (empty: none). `as_of`: a day of
        the period; only facts that happened by its end count. `known_at`: a past day. Raises `NotWorkedOut`.
        """
        number, dimensions = by or ("", "")
        said = {"period": period, "by": dimensions, "as_of": as_of, "known_at": known_at}
        asked = {name: text for name, text in said.items() if text}
        path = f"/v1/figures/{number}" if number else "/v1/figures"
        # A separate request: while a list is read in pages the same status (409) means that the list has changed.
        if known_at is not None and self._get(path, {**asked, "limit": "1"}).status_code == _CHANGED:
            raise NotWorkedOut
        return self._whole(path, asked, ("figures",))

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _whole(self, path: str, asked: Mapping[str, str], names: tuple[str, ...]) -> dict[str, Any]:
        """Return all pages of a list as one dict. Read again from the beginning if the list changes meanwhile."""
        return self._steady(lambda: self._all(path, asked, names))

    @staticmethod
    def _steady(read: Callable[[], T]) -> T:
        """Call `read` again while the list changes, `TRIES` times at most. Then raise `Later`."""
        for _ in range(TRIES):
            try:
                return read()
            except _Changed:
                continue
        message = "it changes too fast to be read as a whole"
        raise Later(message)

    def _all(self, path: str, asked: Mapping[str, str], names: tuple[str, ...]) -> dict[str, Any]:
        found = self._read(path, asked)
        rows = {name: _rows(found, name) for name in names}
        while (cursor := found.get("next")) is not None:
            found = self._read(path, {**asked, **_cursor(cursor)})
            for name in names:
                rows[name] += _rows(found, name)
        return {**found, **rows}

    def _one(self, path: str, asked: Mapping[str, str]) -> dict[str, Any] | None:
        answer = self._get(path, asked)
        if answer.status_code == _NOT_FOUND:
            return None
        if answer.status_code == _MOVED:
            raise Moved(urlsplit(answer.headers.get("location", "")).path.rpartition("/")[2])
        return _said(answer)

    def _read(self, path: str, asked: Mapping[str, str]) -> dict[str, Any]:
        return _said(self._get(path, asked))

    def _get(self, path: str, asked: Mapping[str, str]) -> httpx2.Response:
        try:
            return self._client.get(path, params=dict(asked))
        except httpx2.TransportError as error:
            raise unanswered(error) from None


def _cursor(cursor: str | None) -> dict[str, str]:
    return {} if cursor is None else {"cursor": cursor}


def _rows(page: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    rows = page.get(name)
    if not isinstance(rows, list):
        message = f"its answer has no {name}"
        raise NotTheDoor(message)
    return list(rows)


def _said(answer: httpx2.Response) -> dict[str, Any]:
    """Return the body of a successful answer as a dict. Raises the matching client error for another answer."""
    code, message = answer.status_code, f"HTTP {answer.status_code}"
    if code >= _FIRST_FAULT or code == _TOO_OFTEN:
        raise Later(message)
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise NotTheDoor(message)
    if code == _NO_ENTRY:
        raise NotLetIn(message)
    if code == _CHANGED:
        raise _Changed
    if code == _FORBIDDEN:
        raise NotForAccount(": ".join(str(said[name]) for name in ("title", "detail") if said.get(name)))
    if code == _BAD:
        raise WrongParameter(str(said.get("parameter") or "a parameter"))
    if not answer.is_success:
        raise NotTheDoor(message)
    return said
