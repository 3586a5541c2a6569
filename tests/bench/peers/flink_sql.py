"""Flink SQL in one process: the figure, or every record as it is, in PostgreSQL (`settings/flink_*.sql`)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import Template
from typing import ClassVar, Final

from infra.local.protected_files import write_private
from tests.bench.peers.jvm import SETTINGS
from tests.bench.peers.peer import Figure, Site
from tests.bench.peers.tables import Tables

_SETTING: Final = re.compile(r"^(?:SET|   ) '([\w-]+\.[\w.-]+)' = '([^'$]+)'[;,]?$", re.MULTILINE)


@dataclass(slots=True)
class FlinkSql:
    """One job of one script."""

    form: str
    does: str
    lacks: str
    limit: str
    jars: ClassVar[str] = "flink_sql"
    source: ClassVar[str] = "FlinkSql.java"
    _tables: Tables | None = field(default=None)

    @property
    def name(self) -> str:
        return f"flink_sql_{self.form}"

    @property
    def settings(self) -> Mapping[str, str]:
        return dict(_SETTING.findall(self._script))

    @property
    def _script(self) -> str:
        return (SETTINGS / f"flink_{self.form}.sql").read_text(encoding="utf-8")

    @property
    def tables(self) -> Tables:
        """Return the tables in which its work is seen."""
        assert self._tables is not None
        return self._tables

    async def prepare(self, site: Site) -> Sequence[str]:
        self._tables = tables = await Tables.made(site)
        kafka = {f"properties.{name}": value for name, value in site.kafka().items()}
        postgres = {"url": tables.url, "username": tables.username, "password": tables.password}
        script = Template(self._script).substitute(
            topics=";".join(site.topics), kafka=_options(kafka), postgres=_options(postgres)
        )
        told = site.folder / "job.sql"
        write_private(told, script)
        return ["FlinkSql", str(told)]

    async def runs(self, said: str) -> bool:
        return "running" in said.splitlines()

    async def seen(self) -> int:
        return await (self.tables.counted() if self.form == "figure" else self.tables.arrived())

    async def figure(self) -> Figure:
        return await (self.tables.figure() if self.form == "figure" else self.tables.landed())

    async def close(self) -> None:
        await self.tables.close()


def _options(given: Mapping[str, str]) -> str:
    return "\n    ".join(f"'{name}' = '{value}'," for name, value in given.items())
