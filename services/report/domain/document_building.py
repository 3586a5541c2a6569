"""Construction of a year's report, as a document, from a `ReportSource`."""

from collections.abc import Iterator
from typing import Final

from schemas.times import BELIZE
from services.presentation.bilingual_text import Language, Words
from services.report.domain import contested_figures, publications_corrections_and_definitions
from services.report.domain.breakdown_blocks import breakdown_block, cascade, levels
from services.report.domain.content import KEY, PARTS
from services.report.domain.content.entry_kinds import (
    BreakdownEntry,
    CohortEntry,
    FigureTableEntry,
    HeadingEntry,
    ReportPart,
    TextEntry,
    ToldFigure,
)
from services.report.domain.document import Block, Document, Heading, Paragraph, Section
from services.report.domain.grammar import counted, day
from services.report.domain.pooled_years import pooled, pooled_values
from services.report.domain.report_input import ReportSource, YearBefore
from services.report.domain.sentences import statement

_TITLE: Final = Words("Human trafficking in Belize, {year}", "La trata de personas en Belice, {year}")
_SUBTITLE: Final = Words(
    "Annual report of the Anti-Trafficking in Persons Council", "Informe anual del Consejo contra la Trata de Personas"
)
_CAVEAT: Final = Words(
    "These are identified and reported cases, not prevalence: they do not say how many victims there are in Belize.",
    "Son casos identificados y denunciados, no prevalencia: no dicen cuántas víctimas hay en Belice.",
)
_FRESH: Final = Words(
    "Complete to event {n}, accepted on {on} at {at} in Belize.",
    "Completo hasta el evento {n}, aceptado el {on} a las {at} en Belice.",
)
_NOT_OVER: Final = Words(
    "{year} was not over when the last of these events was accepted: the numbers will still change.",
    "{year} no había terminado cuando se aceptó el último de estos eventos: los números aún cambiarán.",
)
_RELEASED: Final = Words(
    "Release {release}, complete to event {n}. Later events do not change it.",
    "Publicación {release}, completa hasta el evento {n}. Los eventos posteriores no la cambian.",
)
_NOTHING: Final = Words("No event was accepted yet.", "Aún no se ha aceptado ningún evento.")
_WITHHELD_ONE: Final = Words(
    "1 person, case or activity cannot be counted for now and is in no figure.",
    "1 persona, caso o actividad no puede contarse por ahora y no está en ninguna cifra.",
)
_WITHHELD: Final = Words(
    "{n} persons, cases or activities cannot be counted for now and are in no figure.",
    "{n} personas, casos o actividades no pueden contarse por ahora y no están en ninguna cifra.",
)
_SUMMARY: Final = Words("Main findings", "Hallazgos principales")
_ABOUT: Final = Words("About these numbers", "Acerca de estas cifras")
_HOW: Final = Words(
    "Every number is counted from events that the agencies published, as they stand after corrections. The unit stands "
    "beside each number; numbers of different units are never added.",
    "Cada número se cuenta de los eventos que publicaron las instituciones, tal como quedan tras las correcciones. La "
    "unidad está junto a cada número; los números de unidades distintas nunca se suman.",
)
_NO_BEFORE: Final = Words(
    "{year} is not compared with {before}: in {before} no agency was expected to report, so that silence cannot be "
    "told from zero.",
    "{year} no se compara con {before}: en {before} no se esperaba informe de ninguna institución, de modo que el "
    "silencio no se distingue de cero.",
)
_NOT_RELEASED: Final = Words(
    "{year} is not compared with {before}: the release has no number of {before}.",
    "{year} no se compara con {before}: la publicación no tiene números de {before}.",
)
_STANDS: Final = Words(
    "A total, a table or a median in which few moved since an earlier release stands as it was told there. A "
    "difference between two releases would tell of single persons.",
    "Un total, una tabla o una mediana en que se movieron pocos desde una publicación anterior queda como se dio allí. "
    "La diferencia entre dos publicaciones hablaría de personas en particular.",
)
_MISSING_BEFORE: Final = Words(
    "Of {before}, {n} expected reports were not received; a difference from {before} may come from that.",
    "De {before} no se recibieron {n} informes esperados; una diferencia con {before} puede deberse a ello.",
)
_WHOLE_BEFORE: Final = Words(
    "Numbers of {before} are shown as they are known now. No expected report of {before} is missing.",
    "Los números de {before} se muestran como se conocen ahora. No falta ningún informe esperado de {before}.",
)
_SIGNS: Final = Words(
    "“7 + ?”: nobody stated the number of some records. “?”: nobody stated any number. “—”: nothing ended yet. "
    "“withheld”: kept back so that nobody can be recognised.",
    "«7 + ?»: de algunos registros nadie indicó la cantidad. «?»: nadie indicó ninguna cantidad. «—»: nada ha "
    "terminado aún. «reservado»: no se publica, para que nadie pueda ser reconocido.",
)
_CODE: Final = Words("Code of the figures: {version}.", "Código de las cifras: {version}.")
_SHORT: Final = 16
_POOLED: Final = Words("Several years together", "Varios años juntos")
_PROVENANCE: Final = Words("Where the numbers come from", "De dónde vienen las cifras")
_DEFINITIONS: Final = Words("Definitions", "Definiciones")


def needed_figures() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the numbers of the figures that the report needs, by breakdown."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for part in PARTS:
        for number, by in part.asked():
            found.setdefault(by, {})[number] = None
    return {by: tuple(numbers) for by, numbers in found.items()}


def document(lang: Language, source: ReportSource) -> Document:
    """Return the report of `source.year` in a language, as a document."""
    together = tuple(pooled(lang, source))
    numbers = [number for numbers in needed_figures().values() for number in numbers]
    numbers += [each.number for each in pooled_values(source)]
    on = source.at.astimezone(BELIZE)
    return Document(
        lang=lang,
        year=source.period,
        title=_TITLE.of(lang).format(year=source.year),
        subtitle=_SUBTITLE.of(lang),
        caveat=_CAVEAT.of(lang),
        audience=source.audience.of(lang),
        freshness=_freshness(lang, source),
        complete_to=source.complete_to,
        version=source.version,
        published_on=f"{on:%Y-%m-%d}",
        sections=(
            Section("summary", _SUMMARY.of(lang), tuple(_summary(lang, source))),
            *(Section(part.name, part.title.of(lang), tuple(_blocks(lang, source, part))) for part in PARTS),
            *([Section("years", _POOLED.of(lang), together)] if together else []),
            Section("provenance", _PROVENANCE.of(lang), tuple(_provenance(lang, source))),
            Section("about", _ABOUT.of(lang), tuple(_about(lang, source))),
            Section(
                "definitions",
                _DEFINITIONS.of(lang),
                (publications_corrections_and_definitions.definitions(lang, numbers),),
            ),
        ),
    )


def _freshness(lang: Language, source: ReportSource) -> str:
    if not source.complete_to:
        return _NOTHING.of(lang)
    at = source.at.astimezone(BELIZE)
    if source.release is not None:
        return _RELEASED.of(lang).format(release=source.release, n=counted(source.complete_to))
    fresh = _FRESH.of(lang).format(n=counted(source.complete_to), on=day(lang, at.date()), at=f"{at:%H:%M}")
    if not source.withheld:
        return fresh
    words = _WITHHELD_ONE if source.withheld == 1 else _WITHHELD
    return f"{fresh} {words.of(lang).format(n=counted(source.withheld))}"


def _summary(lang: Language, source: ReportSource) -> Iterator[Block]:
    first = {
        each.number: each for part in reversed(PARTS) for each in reversed(part.entries) if isinstance(each, ToldFigure)
    }
    for number in KEY:
        found = statement(lang, source, first[number])
        if found is not None:
            yield found
    yield Paragraph(_CAVEAT.of(lang))
    if source.release is None and source.at.astimezone(BELIZE).year <= source.year:
        yield Paragraph(_NOT_OVER.of(lang).format(year=source.year))


def _blocks(lang: Language, source: ReportSource, part: ReportPart) -> Iterator[Block]:
    for entry in part.entries:
        match entry:
            case HeadingEntry(words):
                yield Heading(words.of(lang))
            case TextEntry(words):
                yield Paragraph(words.of(lang))
            case ToldFigure():
                found = statement(lang, source, entry)
                if found is not None:
                    yield found
            case BreakdownEntry():
                yield breakdown_block(lang, source, entry)
            case CohortEntry():
                yield cascade(lang, source, entry)
            case FigureTableEntry():
                yield levels(lang, source, entry)


def _provenance(lang: Language, source: ReportSource) -> Iterator[Block]:
    yield from publications_corrections_and_definitions.publishing_grid_blocks(lang, source)
    yield from contested_figures.contested(lang, source)
    yield from publications_corrections_and_definitions.corrections(lang, source)


def _about(lang: Language, source: ReportSource) -> Iterator[Block]:
    places = {"year": source.year, "before": source.year - 1, "n": counted(source.missing_before)}
    yield Paragraph(_HOW.of(lang))
    if source.before is not YearBefore.COMPARED:
        words = _NO_BEFORE if source.before is YearBefore.NOT_EXPECTED else _NOT_RELEASED
        yield Paragraph(words.of(lang).format(**places))
    else:
        words = _MISSING_BEFORE if source.missing_before else _WHOLE_BEFORE
        yield Paragraph(words.of(lang).format(**places))
    if source.values.lacking and source.earlier is not None:
        yield Paragraph(_STANDS.of(lang))
    yield Paragraph(_SIGNS.of(lang))
    yield Paragraph(_freshness(lang, source))
    yield Paragraph(_CODE.of(lang).format(version=source.version[:_SHORT] or "–"))
