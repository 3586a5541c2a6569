"""Ids that intake gave instead of those that a sheet would make, so that a dry run needs no intake.

Each is kept beside the id that stands for it. Neither tells the agency's number.
"""

import json
from dataclasses import replace

from infra.local.folder import Folder
from infra.local.protected_files import CLOSED, write_private
from services.sheet.own_numbers import OwnNumbers


def read(folder: Folder, own: OwnNumbers) -> OwnNumbers:
    """Add the ids that are kept here."""
    try:
        return replace(own, given=json.loads(folder.given_ids(own.agency).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return own


def keep(folder: Folder, own: OwnNumbers) -> None:
    """Keep the ids that intake gave, where they are others than before."""
    if own.given != read(folder, replace(own, given={})).given:
        folder.given_ids(own.agency).parent.mkdir(mode=CLOSED, exist_ok=True)
        write_private(folder.given_ids(own.agency), json.dumps(own.given) + "\n")
