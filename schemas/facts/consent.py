"""The rows of events about consent."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.facts.event_type import EventType

TYPES: Final[Mapping[str, EventType]] = MappingProxyType({})
