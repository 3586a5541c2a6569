"""The account with which a command reads cases, findings and referrals: its token, and the address of the pages.

On the machine of the cluster and on a connected PC, the server decides from the account what is shown. No option names
an agency.
"""

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final, NoReturn, TypeAlias

import typer

from infra.local.data_folder import Folder
from infra.local.protected_files import CLOSED, write_private
from services.client.pages_data_api import NotForAccount, Pages, WrongParameter
from services.client.receipt_and_errors import ClientError, NotLetIn
from services.console.agency_connection import connected
from services.console.output import fail, fail_wrong_usage
from services.presentation.bilingual_text import Language

VARIABLE: Final = "ATIPS_TOKEN"
FILE_VARIABLE: Final = "ATIPS_TOKEN_FILE"
_KEPT: Final = "accounts.json"
HEADER: Final = "Authorization: Bearer "
"""The header of a request, without the token that ends it."""

AccountToken: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--token-file",
        envvar=FILE_VARIABLE,
        metavar="FILE",
        help="File with your account's token, readable by you alone; without it the one of atips sign-in.",
    ),
]


@contextmanager
def pages(
    data_dir: Path,
    token_file: Path | None,
    lang: Language = Language.EN,
    *,
    what: str = "Cases, findings and referrals are",
) -> Iterator[Pages]:
    """Yield a client of the pages that acts as the token's account.

    The token is read from `token_file`, else from the variable ATIPS_TOKEN, else it is the one that `atips sign-in`
    stored. Prints a message and exits if there is no token, if the server does not answer, or if it refuses the token.
    `what`: the first words of the message for a missing token, with the verb, such as "Cases are".
    """
    address, ca_pem = place(data_dir)
    token = read_given_token(token_file) or read_stored_token(address)
    if token is None:
        fail(
            f"{what} read with an account, and none is signed in here. "
            "Ask your operator for its token, then: atips sign-in"
        )
    with open_pages_client(address, token, ca_pem, lang) as found:
        yield found


def has_token(data_dir: Path, token_file: Path | None) -> bool:
    """Whether a token is given, or stored for the pages of this PC's connection or else of the data folder."""
    if read_given_token(token_file) is not None:
        return True
    connection = connected(data_dir)
    if connection is not None:
        return read_stored_token(connection.pages.get("address", "")) is not None
    address = import_module("services.console.local_cluster").pages_over_tls(data_dir)
    return address is not None and read_stored_token(address) is not None


@contextmanager
def open_pages_client(address: str, token: str, ca_pem: str, lang: Language = Language.EN) -> Iterator[Pages]:
    """Yield a client of the pages with a token; exits with a message when they refuse or do not answer."""
    found: Pages | None = None
    try:
        found = Pages(address, token=token, ca_pem=ca_pem, lang=lang.value)
        yield found
    except WrongParameter as error:
        fail_wrong_usage(
            f"The server refused the value of {error}. Nothing was read. Correct it and run the command again."
        )
    except NotForAccount as error:
        fail(str(error))
    except NotLetIn as error:
        fail(f"The token is not accepted: it has ended or was revoked ({error}). Ask your operator for a new one.")
    except ClientError as error:
        fail(f"The pages at {address} do not answer: {error}")
    finally:
        if found is not None:
            found.close()


def place(data_dir: Path) -> tuple[str, str]:
    """Return the HTTPS address of the pages and the PEM of the authority to trust. Exits with 1 without an address."""
    connection = connected(data_dir)
    if connection is not None:
        address = connection.pages.get("address")
        if not address:
            fail("This PC's connection file has no address of the pages. Ask your operator for a new one.")
        return address, connection.pages["ca_pem"]
    local = import_module("services.console.local_cluster")
    root = local.running_cluster(data_dir, connectable=True).data_dir
    address = local.pages_over_tls(root)
    if address is None:
        fail("The pages were never served here over HTTPS. Start the cluster again: atips up")
    return address, Folder(root).ca.read_text(encoding="utf-8")


def read_given_token(token_file: Path | None) -> str | None:
    """Return the token of the file, or of ATIPS_TOKEN where no file is named; None without both.

    Exits with 1 when the file cannot be read, is empty, or may be read by others.
    """
    if token_file is None:
        return plain(os.environ.get(VARIABLE, "")) or None
    try:
        found = token_file.read_text(encoding="utf-8")
        mode = token_file.stat().st_mode
    except (OSError, UnicodeDecodeError):
        fail(f"{token_file} cannot be read as a token.")
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        fail(f"Others may read {token_file}. Make it yours alone: chmod 600 {token_file}")
    token = plain(found)
    return token or _empty(token_file)


def _empty(token_file: Path) -> NoReturn:
    fail(f"{token_file} is empty: it must hold a token.")


def plain(text: str) -> str:
    """Return the bare token of a copied text, without the header that `atips users token` writes before it."""
    return text.strip().removeprefix(HEADER).strip()


def read_stored_token(address: str) -> str | None:
    """Return the token stored for an address of the pages; None without one. It is sent to no other address."""
    return _all().get(address)


def store_token(address: str, token: str | None) -> Path:
    """Store the token of an address in a file that only its owner can read; None removes it. Returns the file."""
    home = _home()
    home.mkdir(mode=CLOSED, parents=True, exist_ok=True)
    others = {name: each for name, each in _all().items() if name != address}
    write_private(home / _KEPT, json.dumps(others | ({} if token is None else {address: token})) + "\n")
    return home / _KEPT


def _all() -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((_home() / _KEPT).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found


def _home() -> Path:
    return Path(typer.get_app_dir("atips"))
