"""`atips figures --definitions`: what each figure counts, in English or Spanish, as its declaration says.

`show` prints declarations. `report_sentences` maps the sentences of the Council's report to figures.
"""

from services.console.definitions.show import listed, plain, show, trial_rule_sentence
from services.presentation.bilingual_text import Language

__all__ = ["Language", "listed", "plain", "show", "trial_rule_sentence"]
