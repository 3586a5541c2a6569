"""Figures beside those of the report, which prints at most the convictions among them: times, steps, rates."""

from typing import Final

from services.presentation.printed.printed_number import BEYOND, COURT, Printed

ROWS: Final = (
    # ---- T: times, of which the report prints none
    *(Printed(number, "days", None, BEYOND) for number in ("T1", "T2", "T3")),
    *(Printed(number, "minutes", None, BEYOND) for number in ("T4", "T5")),
    *(Printed(number, "days", None, BEYOND) for number in ("T6a", "T6b", "T7", "T8")),
    Printed("T11", "minutes", None, BEYOND),
    *(Printed(f"T{number}", "days", None, BEYOND) for number in range(12, 19)),
    Printed("T19", "cases", None, BEYOND),
    Printed("T20", "days", None, BEYOND),
    # ---- R1 to R4: the way of victims and of referrals
    *(Printed(f"R1{step}", "persons", None, BEYOND) for step in "abcdefghijk"),
    *(Printed(f"R2{move}", "referrals", None, BEYOND) for move in "abcdefghij"),
    *(Printed(f"R3{step}", "referrals", None, BEYOND) for step in "abcdefghi"),
    *(Printed(f"R4{step}", "needs", None, BEYOND) for step in "abc"),
    Printed("R4d", "referrals", None, BEYOND),
    # ---- R5 to R9: who is screened, files and workers, who is tied to whom, what records lack
    *(Printed(f"R5{step}", "persons", None, BEYOND) for step in "abc"),
    *(Printed(f"R6{letter}", "cases", None, BEYOND) for letter in "ab"),
    Printed("R6c", "persons", None, BEYOND),
    *(Printed(f"R7{letter}", "cases", None, BEYOND) for letter in "abc"),
    Printed("R7d", "persons", None, BEYOND),
    Printed("R8a", "cases", None, BEYOND),
    *(Printed(f"R8{letter}", "persons", None, BEYOND) for letter in "bcd"),
    *(Printed(f"R9{letter}", "answers", None, BEYOND) for letter in "ab"),
    # ---- R10 to R17: steps, verdicts and sentences, of which the report prints no more than the convictions
    *(Printed(f"R10{step}", "persons", None, COURT) for step in "abcdefgh"),
    *(Printed(f"R11{step}", "persons", None, COURT) for step in "abc"),
    Printed("R12", "persons", None, COURT),
    Printed("R13a", "charges", None, COURT),
    Printed("R13b", "charges", None, COURT),
    Printed("R14a", "persons", None, COURT),
    Printed("R14b", "persons", None, COURT),
    Printed("R14c", "persons", None, COURT),
    Printed("R15a", "months", None, COURT),
    Printed("R15b", "months", None, COURT),
    Printed("R16", "belize_cents", None, COURT),
    Printed("R17a", "belize_cents", None, COURT),
    Printed("R17b", "belize_cents", None, COURT),
    Printed("R17c", "belize_cents", None, COURT),
    # ---- R18 to R23: hearings, bail, indictments, appeals; how far charges and cases go
    *(Printed(f"R18{letter}", "hearings", None, BEYOND) for letter in "abc"),
    *(Printed(f"R19{letter}", "persons", None, BEYOND) for letter in "abcd"),
    Printed("R20a", "persons", None, BEYOND),
    Printed("R20b", "charges", None, BEYOND),
    *(Printed(f"R21{letter}", "appeals", None, BEYOND) for letter in "ab"),
    *(Printed(f"R22{step}", "charges", None, BEYOND) for step in "abcdefg"),
    *(Printed(f"R23{step}", "cases", None, BEYOND) for step in "abcdefgh"),
    Printed("R24", "persons", None, BEYOND, note="of the census, not of the Council"),
    # ---- R25 to R27: what was late, suspects with several victims, consent taken back
    *(Printed(f"R25{letter}", "referrals", None, BEYOND) for letter in "ab"),
    Printed("R26", "persons", None, BEYOND),
    Printed("R27a", "withdrawals", None, BEYOND),
    Printed("R27b", "acknowledgements", None, BEYOND),
    # ---- R28, R29: what does not count as trafficking; who stands before the court after an arrest
    *(Printed(f"R28{letter}", "persons", None, COURT) for letter in "abd"),
    Printed("R28c", "counts", None, COURT),
    Printed("R29", "persons", None, COURT, note="one of the six has a charge and no arrest known"),
)
