"""Page about the settings."""

import ast
import inspect
from collections.abc import Mapping, Sequence
from typing import Final

from docs.generate.markdown import code_span, default_of, table
from services.case_tracker.settings import Settings as CaseTrackerSettings
from services.intake.settings import Settings as IntakeSettings
from services.referral.settings import Settings as ReferralSettings
from services.reporting.settings import Settings as ReportingSettings
from services.runtime.settings import PREFIX, DatabaseSettings, ProcessSettings
from services.runtime.settings import Settings as KafkaSettings
from services.web.settings import Settings as WebSettings

SERVICES: Final[Mapping[str, type[DatabaseSettings]]] = {
    "intake": IntakeSettings,
    "referral": ReferralSettings,
    "case_tracker": CaseTrackerSettings,
    "reporting": ReportingSettings,
    "web": WebSettings,
}


def settings() -> list[str]:
    """Give the environment variables of each service; those that several services have stand once."""
    lines = [
        "# Settings",
        "",
        "Settings are environment variables. A variable `ATIPS_…` that no setting has is refused.",
        "",
    ]
    of_all = frozenset(ProcessSettings.model_fields)
    lines += ["## Every service", "", *_variables(ProcessSettings, of_all)]
    lines += ["## Services on Kafka", "", *_variables(KafkaSettings, frozenset(KafkaSettings.model_fields) - of_all)]
    for name, model in SERVICES.items():
        lines += [f"## {name}", "", *_variables(model, frozenset(model.model_fields) - shared_by(model))]
    return lines


def shared_by(model: type[DatabaseSettings]) -> frozenset[str]:
    """Give the settings of a service that others have too."""
    return frozenset((KafkaSettings if issubclass(model, KafkaSettings) else ProcessSettings).model_fields)


def _variables(model: type[DatabaseSettings], names: frozenset[str]) -> list[str]:
    said = {name: text for base in reversed(model.__mro__) for name, text in _said_of(base).items()}
    rows = (
        (
            code_span(field.validation_alias or PREFIX + name.upper()),
            said.get(name, ""),
            "required" if field.is_required() else default_of(field.get_default(call_default_factory=True)),
        )
        for name, field in model.model_fields.items()
        if name in names
    )
    return table(("variable", "meaning", "default"), rows)


def _said_of(model: type) -> dict[str, str]:
    """Give what stands about each field in its class: the text behind it, or else the comment before it."""
    if not issubclass(model, DatabaseSettings):
        return {}
    source = inspect.cleandoc("\n" + inspect.getsource(model))
    lines, body = source.splitlines(), ast.parse(source).body[0].body  # type: ignore[attr-defined]
    found = {}
    for node, after in zip(body, [*body[1:], None], strict=True):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[node.target.id] = str(after.value.value)
        else:
            found[node.target.id] = _comment(lines[: node.lineno - 1])
    return found


def _comment(lines: Sequence[str]) -> str:
    """Give the comment at the end of some lines."""
    said: list[str] = []
    for line in reversed(lines):
        if not line.strip().startswith("#"):
            break
        said.insert(0, line.strip().removeprefix("#"))
    return " ".join(said)
