"""Figures beside those of the report, which prints at most the convictions among them: times, steps, rates."""

from typing import Final

from services.console.demo.printed.row import BEYOND, COURT, Printed

ROWS: Final = (
    # ---- T: times, of which the report prints none
    *(Printed(number, "days", None, BEYOND) for number in ("T1", "T2")),
    Printed("T11", "minutes", None, BEYOND),
    *(Printed(f"T{number}", "days", None, BEYOND) for number in range(12, 19)),
    # ---- R10 to R17: steps, verdicts and sentences, of which the report prints no more than the convictions
    *(Printed(f"R10{step}", "persons", None, COURT) for step in "abcdefgh"),
    *(Printed(f"R11{step}", "persons", None, COURT) for step in "abc"),
    Printed("R12", "persons", None, COURT),
    Printed("R13a", "charges", None, COURT),
    Printed("R13b", "charges", None, COURT),
    Printed("R14a", "persons", None, COURT),
    Printed("R14b", "persons", None, COURT),
    Printed("R15a", "months", None, COURT),
    Printed("R15b", "months", None, COURT),
    Printed("R16", "belize_cents", None, COURT),
    Printed("R17a", "belize_cents", None, COURT),
    Printed("R17b", "belize_cents", None, COURT),
    # ---- R18 to R21: hearings, bail, indictments, appeals
    *(Printed(f"R18{letter}", "hearings", None, BEYOND) for letter in "abc"),
    *(Printed(f"R19{letter}", "persons", None, BEYOND) for letter in "abcd"),
    Printed("R20a", "persons", None, BEYOND),
    Printed("R20b", "charges", None, BEYOND),
    *(Printed(f"R21{letter}", "appeals", None, BEYOND) for letter in "ab"),
)
