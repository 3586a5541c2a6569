"""Audiences of a report. The first page names the report's audience."""

from enum import Enum

from services.presentation.bilingual_text import Language, Words
from services.reporting.domain.disclosure.outlets import Outlet


class ReportAudience(Enum):
    """Audiences of a report. The value is the sentence about the audience on the report's first page."""

    COUNCIL = Words(
        "For the Council alone. The numbers are exact, and a small one can betray a person: do not publish this "
        "report. For the public there is the report of a public release.",
        "Solo para el Consejo. Los números son exactos, y uno pequeño puede delatar a una persona: no publique este "
        "informe. Para el público está el informe de una publicación para el público.",
    )
    PUBLIC = Words(
        "For everybody. It is made of a public release, in which small numbers are withheld.",
        "Para todos. Se hizo de una publicación para el público, en la que se reservan los números pequeños.",
    )
    PREPARED = Words(
        "The release is not published yet: do not hand this report on.",
        "La publicación aún no ha salido: no entregue este informe a nadie.",
    )
    WITHDRAWN = Words(
        "The release was withdrawn: do not use this report.",
        "La publicación fue retirada: no use este informe.",
    )

    def of(self, lang: Language) -> str:
        """Return the sentence in a language."""
        return self.value.of(lang)

    @property
    def outlet(self) -> Outlet:
        """Way by which the report gives figures out. Only the public's report is for others than the committees."""
        return Outlet.PUBLIC_REPORT if self is ReportAudience.PUBLIC else Outlet.INSIDE_REPORT
