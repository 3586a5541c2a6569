"""`atips figures --definitions`: what each figure counts, in English or Spanish, as its declaration says.

`words` has what people read for the terms of a declaration, `show` lays a declaration out.
"""

from services.console.definitions.show import courts, listed, plain, show
from services.presentation.words import Language

__all__ = ["Language", "courts", "listed", "plain", "show"]
