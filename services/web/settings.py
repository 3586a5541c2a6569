"""Settings of web, beside those of every service process."""

from pathlib import Path

from pydantic import Field

from services.runtime.settings import ProcessSettings


class Settings(ProcessSettings):
    """web's settings."""

    web_host: str = "127.0.0.1"
    web_port: int
    web_certificate: Path | None = None
    """Certificate chain for HTTPS. Without one the pages are served in the clear, which is for one machine only."""
    web_key: Path | None = None
    web_agency_keys: Path | None = None
    """Folder with a file for each agency as which the pages may send events: CODE.json, with address and key of
    intake's door. Without it the pages of every agency only show."""
    web_connections: int = Field(default=600, ge=1)
    """Open connections at once: 200 people with a live page and room for as many requests beside."""
    web_connections_per_address: int = Field(default=300, ge=1)
    """An office behind one gateway shares an address."""
