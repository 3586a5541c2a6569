"""The cursor of a list of cases: a place in the list, as URL-safe base64."""

import base64
import binascii
from datetime import datetime

from schemas.ids import Kind, is_id
from services.web.api.figure_question import WrongQuestion
from services.web.officer_rows import CasesPlace


def cursor_of(place: CasesPlace) -> str:
    """Encode a place in the list of cases as a cursor."""
    text = f"{place.top.isoformat()} {place.newest.isoformat()} {place.case_id}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def place_of(cursor: str | None) -> CasesPlace | None:
    """Decode a cursor; None for None. Raises `WrongQuestion` for a malformed one."""
    if cursor is None:
        return None
    try:
        top, newest, case = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        place = CasesPlace(datetime.fromisoformat(top), datetime.fromisoformat(newest), case)
    except (ValueError, binascii.Error):
        raise WrongQuestion(parameter="cursor") from None
    if not is_id(case, Kind.CASE) or place.top.tzinfo is None or place.newest.tzinfo is None:
        raise WrongQuestion(parameter="cursor")
    return place
