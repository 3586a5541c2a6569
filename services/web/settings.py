"""Settings of the service web, in addition to those of every service process."""

from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from typing_extensions import override

from schemas.topics import MIB
from services.runtime.connection_admission import Admission
from services.runtime.errors import Halt
from services.runtime.handshake_rate_limit import HandshakeRates, Handshakes
from services.runtime.http_server import Bounds
from services.runtime.settings import ProcessSettings
from services.runtime.tls import Certificate
from services.sheet.file_size_limits import FILE_BYTES, ROWS, UNPACKED_BYTES
from services.web.api.request_bounds import FormLimits
from services.web.identity_provider import BACK, ProviderSettings
from services.web.provider_groups import groups
from services.web.uploads_in_memory import UploadLimits


class Settings(ProcessSettings):
    """Settings of the service web, in addition to those of every service process."""

    web_host: str = "127.0.0.1"
    web_port: int
    web_tls_port: int | None = None
    """A second port, for HTTPS. The first port then serves the same pages without TLS, for browsers on this machine."""
    web_sql_port: int | None = None
    """A port for SQL over TLS, for logins of people, if the database server itself has no TLS."""
    web_certificate: Path | None = None
    """Certificate chain for HTTPS. Without one the pages are served without TLS, which is for one machine only."""
    web_key: Path | None = None
    web_agency_keys: Path | None = None
    """Folder with a file for each agency as which the pages may publish events: CODE.json, with intake's address and
    an API key. Without it the pages publish nothing."""
    web_upload_bytes: int = Field(default=5 * MIB, ge=1, le=FILE_BYTES)
    """Largest uploaded sheet, in bytes. A sheet of fifty thousand rows has five MiB, and the pages take fewer rows."""
    web_unpacked_bytes: int = Field(default=16 * MIB, ge=1, le=UNPACKED_BYTES)
    """Size of an uploaded workbook when it is unpacked. It is refused before anything is read. Of 2,000 rows of sixty
    columns, each cell with thirty characters of its own, it is 11 MiB."""
    web_sheet_rows: int = Field(default=2_000, ge=1, le=ROWS)
    """Most rows of an uploaded sheet. A person waits for the page; `atips publish` takes larger sheets."""
    web_uploads_bytes: int = Field(default=64 * MIB, ge=1)
    """Most bytes of all uploads that are received or kept: some hundred usual ones, or twelve of the largest."""
    web_upload_seconds: int = Field(default=600, ge=1)
    """How long an upload is kept between check and sending: time enough to read the mistakes, not for a lunch."""
    web_form_bytes: int = Field(default=64 * 1024, ge=4096)
    """Largest form, in bytes. The longest (a consent with every agency, fifty messages marked as read) have 5 KiB."""
    web_form_seconds: float = Field(default=10.0, gt=0)
    """Longest time until a form is complete. The largest form needs three seconds at 2 KiB a second."""
    web_requests_at_once: int = Field(default=4, ge=1)
    """Requests of one account that run at once; more wait. A person has two. The database answers four at once for all
    accounts, and intake eight."""
    web_requests_waiting: int = Field(default=32, ge=0)
    """Requests of one account that wait. A further one is refused with status 429."""
    policy_file: Path | None = None
    """File of the referral service's policy (working hours, agencies on call), in place of the built-in one."""
    plan_file: Path | None = None
    """File of the strategy's objectives and indicators, in place of the built-in table, which is empty."""
    web_services: str = ""
    """Admin ports of the services, as `intake:4001,referral:4002`, for the operator's page."""
    web_oidc_issuer: str = ""
    """Address of the identity provider at which people sign in (OpenID Connect). Else they have local accounts."""
    web_oidc_client: str = ""
    """Client id of the pages at the identity provider."""
    web_oidc_secret_file: Path | None = None
    """File with the client secret of the pages at the identity provider, if it gave one."""
    web_oidc_groups_file: Path | None = None
    """File with the table of the provider's groups: role and agency of each group's members."""
    web_oidc_groups_claim: str = "groups"
    """Claim of the ID token, or of UserInfo, that names a person's groups."""
    web_oidc_scope: str = "openid profile"
    """Requested scopes. Some providers give groups only for a scope of their own."""
    web_oidc_authority: Path | None = None
    """Certificate of the authority that signed the provider's certificate, if it is no public one."""
    web_address: str = ""
    """Address of the pages for browsers, such as https://atips.example. The provider redirects people back to it."""
    web_ended_days: int = Field(default=7, ge=1)
    """Days for which an ended session and a used link are kept: time enough to find out why somebody was signed out."""
    web_connections: int = Field(default=600, ge=1)
    """Most open connections at once: 200 people with a live page, and room for requests besides."""
    web_connections_per_address: int = Field(default=300, ge=1)
    """Most open connections of one address. An office behind one gateway shares an address."""
    web_handshake_seconds: float = Field(default=10.0, gt=0)
    """Longest TLS handshake, in seconds: five round trips of a satellite line, and some more."""
    web_handshakes_per_second: float = Field(default=100.0, gt=0)
    """TLS handshakes that all addresses share; one address has a quarter. A hundred take a fifth of one core."""
    web_handshakes_at_once: float = Field(default=512.0, ge=4)
    """Shared handshakes that may begin at once after a pause: all browsers reconnect when the pages restart."""
    web_own_handshakes_per_second: float = Field(default=1.0, gt=0)
    """TLS handshakes of each address that do not count as shared. A browser needs one in half a minute."""
    web_own_handshakes_at_once: float = Field(default=8.0, ge=1)
    """Handshakes of each address that may begin at once. A browser opens six connections at once."""
    web_header_seconds: float = Field(default=10.0, gt=0)
    """Longest time for the head of a request, in seconds."""
    web_header_bytes: int = Field(default=16 * 1024, ge=1024)
    """Largest head of a request, in bytes. A browser's has 2 KiB with its cookies, and proxies add to it."""
    web_idle_seconds: float = Field(default=30.0, gt=0)
    """Longest time between an answer and the next request, so that a person who reads on needs no new handshake."""
    web_answer_seconds: float = Field(default=30.0, gt=0)
    """Time in which a client may take an answer, in seconds; each byte taken extends it at the rate below."""
    web_answer_bytes_per_second: float = Field(default=2048.0, gt=0)
    """Slowest rate at which a client may take an answer: no office's line is slower."""

    @override
    def certificates(self) -> dict[str, Path]:
        """Return the certificates of the service, by name: "https" for that of the pages, if set."""
        own = {} if self.web_certificate is None else {"https": self.web_certificate}
        return {**super().certificates(), **own}

    def provider(self) -> ProviderSettings | None:
        """Return the identity provider's settings; None for local accounts. Raises `Halt` if some are missing."""
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
        """Return the limits of uploads."""
        return UploadLimits(
            self.web_upload_bytes,
            self.web_unpacked_bytes,
            self.web_sheet_rows,
            self.web_uploads_bytes,
            timedelta(seconds=self.web_upload_seconds),
        )

    def form_limits(self) -> FormLimits:
        """Return the limits of forms."""
        return FormLimits(self.web_form_bytes, self.web_form_seconds)

    @model_validator(mode="after")
    def _tls_needs_a_certificate(self) -> Self:
        if self.web_certificate is None and (self.web_tls_port, self.web_sql_port) != (None, None):
            msg = "ATIPS_WEB_TLS_PORT and ATIPS_WEB_SQL_PORT need ATIPS_WEB_CERTIFICATE"
            raise ValueError(msg)
        return self

    def listens(self) -> list[tuple[int, Certificate | None]]:
        """Return (port, certificate or None) of each port. The first port has TLS only if it is the only one."""
        of_tls = None if self.web_certificate is None else Certificate(self.web_certificate, self.web_key)
        if self.web_tls_port is None:
            return [(self.web_port, of_tls)]
        return [(self.web_port, None), (self.web_tls_port, of_tls)]

    def bounds(self) -> Bounds:
        """Return the limits of connections for each listening socket."""
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
        """Return the services' admin ports by name, from `web_services`. Raises ValueError if it is malformed."""
        pairs = (each.partition(":") for each in self.web_services.split(",") if each)
        return {name: int(port) for name, _, port in pairs}
