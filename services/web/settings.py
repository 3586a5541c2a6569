"""Settings of web, beside those of every service process."""

from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from typing_extensions import override

from schemas.topics import MIB
from services.runtime.admission import Admission
from services.runtime.errors import Halt
from services.runtime.handshakes import HandshakeRates, Handshakes
from services.runtime.http import Bounds
from services.runtime.settings import ProcessSettings
from services.runtime.tls import Certificate
from services.sheet.bounds import FILE_BYTES, ROWS, UNPACKED_BYTES
from services.web.api.request_bounds import FormLimits
from services.web.identity_provider import BACK, ProviderSettings
from services.web.provider_groups import groups
from services.web.uploads import UploadLimits


class Settings(ProcessSettings):
    """The settings of web, beside those of every service."""

    web_host: str = "127.0.0.1"
    web_port: int
    web_tls_port: int | None = None
    """A second port, for HTTPS. The first port then serves the same in the clear, for browsers on this machine."""
    web_sql_port: int | None = None
    """A port for SQL over TLS, for people's logins, where the database server itself speaks no TLS."""
    web_certificate: Path | None = None
    """Certificate chain for HTTPS. Without one the pages are served in the clear, which is for one machine only."""
    web_key: Path | None = None
    web_agency_keys: Path | None = None
    """Folder with a file for each agency as which the pages may send events: CODE.json, with address and key of
    intake's door. Without it the pages of every agency only show."""
    web_upload_bytes: int = Field(default=5 * MIB, ge=1, le=FILE_BYTES)
    """Size of an uploaded sheet. One of fifty thousand rows has five MiB, and the pages take fewer."""
    web_unpacked_bytes: int = Field(default=16 * MIB, ge=1, le=UNPACKED_BYTES)
    """Size of an uploaded workbook when it is unpacked. It is refused before anything is read. Of 2,000 rows of sixty
    columns, each cell with thirty characters of its own, it is 11 MiB."""
    web_sheet_rows: int = Field(default=2_000, ge=1, le=ROWS)
    """Rows of an uploaded sheet. A person waits for the page; `atips publish` takes larger ones."""
    web_uploads_bytes: int = Field(default=64 * MIB, ge=1)
    """Size of all uploads that are received or kept: some hundred usual ones, and twelve of the largest."""
    web_upload_seconds: int = Field(default=600, ge=1)
    """How long an upload is kept between dry run and send: time enough to read what is wrong, not for a lunch."""
    web_form_bytes: int = Field(default=64 * 1024, ge=4096)
    """Size of a form. The longest, of a consent with every agency and of fifty messages that are read, have 5 KiB."""
    web_form_seconds: float = Field(default=10.0, gt=0)
    """A form that has not come whole after so long is not waited for. The longest needs three at 2 KiB a second."""
    web_requests_at_once: int = Field(default=4, ge=1)
    """Requests of one account at work at once; more wait. A person has two. The database answers four at once for all,
    and intake's door eight."""
    web_requests_waiting: int = Field(default=32, ge=0)
    """Requests of one account that wait for their turn. Beyond that its program is told to ask later."""
    policy_file: Path | None = None
    """The referral service's policy, where the Council has one of its own: working hours, and who is on call."""
    plan_file: Path | None = None
    """The plan's objectives and indicators, in place of our table, which is empty."""
    web_services: str = ""
    """Admin ports of the services, as `intake:4001,referral:4002`, for the operator's page."""
    web_oidc_issuer: str = ""
    """Address of the provider at which people sign in (OpenID Connect). Without one they have local accounts."""
    web_oidc_client: str = ""
    """Our name at the provider."""
    web_oidc_secret_file: Path | None = None
    """File with our secret at the provider, where it gave us one."""
    web_oidc_groups_file: Path | None = None
    """Table of the provider's groups: the role and the agency that each opens."""
    web_oidc_groups_claim: str = "groups"
    """Claim of the ID token, or of UserInfo, that names a person's groups."""
    web_oidc_scope: str = "openid profile"
    """Scopes that we ask for. Some providers name groups for a scope of their own alone."""
    web_oidc_authority: Path | None = None
    """Certificate of the authority behind the provider's own, where machines do not know it."""
    web_address: str = ""
    """Address of the pages as browsers know it, such as https://atips.example. The provider sends people back to it."""
    web_ended_days: int = Field(default=7, ge=1)
    """How long an ended session and a used link are kept: time enough to ask why somebody was signed out."""
    web_connections: int = Field(default=600, ge=1)
    """Open connections at once: 200 people with a live page and room for as many requests beside."""
    web_connections_per_address: int = Field(default=300, ge=1)
    """An office behind one gateway shares an address."""
    web_handshake_seconds: float = Field(default=10.0, gt=0)
    """A TLS handshake that takes longer is ended: five round trips of a satellite line, and then some."""
    web_handshakes_per_second: float = Field(default=100.0, gt=0)
    """TLS handshakes that all addresses share; one address has a quarter. A hundred take a fifth of one core."""
    web_handshakes_at_once: float = Field(default=512.0, ge=4)
    """As many of them may begin at once after a pause: all browsers come back when the pages do."""
    web_own_handshakes_per_second: float = Field(default=1.0, gt=0)
    """Handshakes of each address, before it needs any of the shared ones. A browser needs one in half a minute."""
    web_own_handshakes_at_once: float = Field(default=8.0, ge=1)
    """A browser opens six connections at once."""
    web_header_seconds: float = Field(default=10.0, gt=0)
    """The head of a request that takes longer is not waited for."""
    web_header_bytes: int = Field(default=16 * 1024, ge=1024)
    """Size of the head of a request. A browser's has 2 KiB with its cookies; proxies add theirs."""
    web_idle_seconds: float = Field(default=30.0, gt=0)
    """From an answer to the next request: somebody who reads on and clicks needs no new handshake."""
    web_answer_seconds: float = Field(default=30.0, gt=0)
    """A reader may pause an answer for so long; what is taken buys time at the rate below."""
    web_answer_bytes_per_second: float = Field(default=2048.0, gt=0)
    """An answer that is taken more slowly is ended: no office's line is so slow."""

    @override
    def certificates(self) -> dict[str, Path]:
        """Give that of the pages over HTTPS."""
        own = {} if self.web_certificate is None else {"https": self.web_certificate}
        return {**super().certificates(), **own}

    def provider(self) -> ProviderSettings | None:
        """Give how people sign in at a provider; None for local accounts. Raises `Halt` for half of the settings."""
        if not self.web_oidc_issuer:
            return None
        if self.web_oidc_groups_file is None or not self.web_oidc_client or not self.web_address:
            msg = (
                "ATIPS_WEB_OIDC_ISSUER is set: ATIPS_WEB_OIDC_CLIENT, ATIPS_WEB_OIDC_GROUPS_FILE and ATIPS_WEB_ADDRESS"
                " are needed too."
            )
            raise Halt(msg)
        secret = self.web_oidc_secret_file
        return ProviderSettings(
            issuer=self.web_oidc_issuer,
            client=self.web_oidc_client,
            secret=None if secret is None else secret.read_text(encoding="utf-8").strip(),
            back=self.web_address.rstrip("/") + BACK,
            groups=groups(self.web_oidc_groups_file),
            groups_claim=self.web_oidc_groups_claim,
            scope=self.web_oidc_scope,
            authority=self.web_oidc_authority,
        )

    def upload_limits(self) -> UploadLimits:
        """Give the limits of uploads."""
        return UploadLimits(
            self.web_upload_bytes,
            self.web_unpacked_bytes,
            self.web_sheet_rows,
            self.web_uploads_bytes,
            timedelta(seconds=self.web_upload_seconds),
        )

    def form_limits(self) -> FormLimits:
        """Give the limits of forms."""
        return FormLimits(self.web_form_bytes, self.web_form_seconds)

    @model_validator(mode="after")
    def _tls_needs_a_certificate(self) -> Self:
        if self.web_certificate is None and (self.web_tls_port, self.web_sql_port) != (None, None):
            msg = "ATIPS_WEB_TLS_PORT and ATIPS_WEB_SQL_PORT need ATIPS_WEB_CERTIFICATE"
            raise ValueError(msg)
        return self

    def listens(self) -> list[tuple[int, Certificate | None]]:
        """Give each port with its certificate. The first port has the certificate only where it is the only port."""
        of_tls = None if self.web_certificate is None else Certificate(self.web_certificate, self.web_key)
        if self.web_tls_port is None:
            return [(self.web_port, of_tls)]
        return [(self.web_port, None), (self.web_tls_port, of_tls)]

    def bounds(self) -> Bounds:
        """Give the limits of each listening socket."""
        rates = HandshakeRates(
            self.web_handshakes_per_second,
            self.web_handshakes_at_once,
            self.web_own_handshakes_per_second,
            self.web_own_handshakes_at_once,
        )
        return Bounds(
            Admission(
                self.web_connections,
                self.web_connections_per_address,
                self.web_handshake_seconds,
                handshakes=Handshakes(rates),
            ),
            header_seconds=self.web_header_seconds,
            header_bytes=self.web_header_bytes,
            idle_seconds=self.web_idle_seconds,
            answer_seconds=self.web_answer_seconds,
            answer_bytes_per_second=self.web_answer_bytes_per_second,
        )

    def watched(self) -> dict[str, int]:
        """Give the admin ports of the services by their names. Raises ValueError for a list that is none."""
        pairs = (each.partition(":") for each in self.web_services.split(",") if each)
        return {name: int(port) for name, _, port in pairs}
