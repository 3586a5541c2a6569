"""File of ids that intake gave for own numbers where they differ from the derived ids, so that a dry run knows them.

It maps the derived id to intake's id. Neither reveals the agency's own number.
"""

import json
from dataclasses import replace

from infra.local.data_folder import Folder
from infra.local.protected_files import CLOSED, write_private
from services.sheet.own_number_ids import OwnNumbers


def read(folder: Folder, own: OwnNumbers) -> OwnNumbers:
    """Return `own` with the stored ids of intake; unchanged without a file."""
    try:
        return replace(own, given=json.loads(folder.given_ids(own.agency).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return own


def keep(folder: Folder, own: OwnNumbers) -> None:
    """Store the ids that intake gave, if they differ from the stored ones."""
    if own.given != read(folder, replace(own, given={})).given:
        folder.given_ids(own.agency).parent.mkdir(mode=CLOSED, exist_ok=True)
        write_private(folder.given_ids(own.agency), json.dumps(own.given) + "\n")
