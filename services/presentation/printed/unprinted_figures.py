"""Figures beside those of the report, which prints at most the convictions among them: times, steps, rates."""

from typing import Final

from services.presentation.printed.printed_number import BEYOND, COURT, PrintedNumber

ROWS: Final = (
    # ---- T: times, of which the report prints none
    *(PrintedNumber(number, "days", None, BEYOND) for number in ("T1", "T2", "T3")),
    *(PrintedNumber(number, "minutes", None, BEYOND) for number in ("T4", "T5")),
    *(PrintedNumber(number, "days", None, BEYOND) for number in ("T6a", "T6b", "T7", "T8")),
    PrintedNumber("T11", "minutes", None, BEYOND),
    *(PrintedNumber(f"T{number}", "days", None, BEYOND) for number in range(12, 19)),
    PrintedNumber("T19", "cases", None, BEYOND),
    PrintedNumber("T20", "days", None, BEYOND),
    # ---- R1 to R4: the way of victims and of referrals
    *(PrintedNumber(f"R1{step}", "persons", None, BEYOND) for step in "abcdefghijk"),
    *(PrintedNumber(f"R2{move}", "referrals", None, BEYOND) for move in "abcdefghij"),
    *(PrintedNumber(f"R3{step}", "referrals", None, BEYOND) for step in "abcdefghi"),
    *(PrintedNumber(f"R4{step}", "needs", None, BEYOND) for step in "abc"),
    PrintedNumber("R4d", "referrals", None, BEYOND),
    # ---- R5 to R9: who is screened, files and workers, who is tied to whom, what records lack
    *(PrintedNumber(f"R5{step}", "persons", None, BEYOND) for step in "abc"),
    *(PrintedNumber(f"R6{letter}", "cases", None, BEYOND) for letter in "ab"),
    PrintedNumber("R6c", "persons", None, BEYOND),
    *(PrintedNumber(f"R7{letter}", "cases", None, BEYOND) for letter in "abc"),
    PrintedNumber("R7d", "persons", None, BEYOND),
    PrintedNumber("R8a", "cases", None, BEYOND),
    *(PrintedNumber(f"R8{letter}", "persons", None, BEYOND) for letter in "bcd"),
    *(PrintedNumber(f"R9{letter}", "answers", None, BEYOND) for letter in "ab"),
    # ---- R10 to R17: steps, verdicts and sentences, of which the report prints no more than the convictions
    *(PrintedNumber(f"R10{step}", "persons", None, COURT) for step in "abcdefgh"),
    *(PrintedNumber(f"R11{step}", "persons", None, COURT) for step in "abc"),
    PrintedNumber("R12", "persons", None, COURT),
    PrintedNumber("R13a", "charges", None, COURT),
    PrintedNumber("R13b", "charges", None, COURT),
    PrintedNumber("R14a", "persons", None, COURT),
    PrintedNumber("R14b", "persons", None, COURT),
    PrintedNumber("R14c", "persons", None, COURT),
    PrintedNumber("R15a", "months", None, COURT),
    PrintedNumber("R15b", "months", None, COURT),
    PrintedNumber("R16", "belize_cents", None, COURT),
    PrintedNumber("R17a", "belize_cents", None, COURT),
    PrintedNumber("R17b", "belize_cents", None, COURT),
    PrintedNumber("R17c", "belize_cents", None, COURT),
    # ---- R18 to R23: hearings, bail, indictments, appeals; how far charges and cases go
    *(PrintedNumber(f"R18{letter}", "hearings", None, BEYOND) for letter in "abc"),
    *(PrintedNumber(f"R19{letter}", "persons", None, BEYOND) for letter in "abcd"),
    PrintedNumber("R20a", "persons", None, BEYOND),
    PrintedNumber("R20b", "charges", None, BEYOND),
    *(PrintedNumber(f"R21{letter}", "appeals", None, BEYOND) for letter in "ab"),
    *(PrintedNumber(f"R22{step}", "charges", None, BEYOND) for step in "abcdefg"),
    *(PrintedNumber(f"R23{step}", "cases", None, BEYOND) for step in "abcdefgh"),
    PrintedNumber("R24", "persons", None, BEYOND, note="of the census, not of the Council"),
    # ---- R25 to R27: what was late, suspects with several victims, consent taken back
    *(PrintedNumber(f"R25{letter}", "referrals", None, BEYOND) for letter in "ab"),
    PrintedNumber("R26", "persons", None, BEYOND),
    PrintedNumber("R27a", "withdrawals", None, BEYOND),
    PrintedNumber("R27b", "acknowledgements", None, BEYOND),
    # ---- R28, R29: what does not count as trafficking; who stands before the court after an arrest
    *(PrintedNumber(f"R28{letter}", "persons", None, COURT) for letter in "abd"),
    PrintedNumber("R28c", "counts", None, COURT),
    PrintedNumber("R29", "persons", None, COURT, note="one of the six has a charge and no arrest known"),
)
