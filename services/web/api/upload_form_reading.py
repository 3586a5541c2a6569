"""Reading of a form with a file: into memory only, within limits of size and time."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from services.web.uploads_in_memory import Uploads

_AROUND: Final = 16 * 1024
"""Largest number of bytes of a form besides its file."""
_BODY_SECONDS: Final = 10.0
_BODY_BYTES_PER_SECOND: Final = 4096.0
"""Slowest pace of a body: it may take ten seconds, and one second more for each so many bytes."""


_UNREADABLE: Final = ("upload_unreadable", 400)
_LARGE: Final = ("upload_large", 413)
_SLOW: Final = ("upload_slow", 408)


class WrongUpload(Exception):
    """The form cannot be read. `name`: name in `WORDS` of the message why; `status`: HTTP status of the response."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(name)
        self.name = name
        self.status = status


class _InMemory(MultiPartParser):
    spool_max_size = 2**31
    """Larger than any upload, so that the parser writes no temporary file."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form with a file: its form token, the file's name, and the file's content."""

    form_token: str
    name: str = field(repr=False)
    content: bytes = field(repr=False)


async def read(request: Request, uploads: Uploads) -> Sent:
    """Read a form with a file. The bytes of the file stay counted in `uploads` until the caller releases them.

    An upload that is given to `Uploads.keep` is released when it is forgotten. Raises `WrongUpload` if the form is
    malformed, too large or too slow, and `TooMuchHeld` if all uploads together hold too many bytes.
    """
    most = uploads.limits.upload_bytes + _AROUND
    kind = request.headers.get("content-type", "").lower()
    if not kind.startswith("multipart/form-data") or "charset" in kind:  # some charsets take long, and none is needed
        raise WrongUpload(*_UNREADABLE)
    if int(request.headers.get("content-length", 0)) > most:
        raise WrongUpload(*_LARGE)
    counted = _Counted(request, uploads, most)
    try:
        async with asyncio.timeout_at(counted.until()) as patience:
            counted.patience = patience
            return await _parsed(request, counted, uploads)
    except (TimeoutError, ClientDisconnect):
        raise WrongUpload(*_SLOW) from None
    except (MultiPartException, FormParserError):
        raise WrongUpload(*_UNREADABLE) from None
    finally:
        uploads.release(counted.size)


class _Counted:
    """The chunks of a body, counted in `uploads` while they come. Each chunk extends the deadline."""

    patience: asyncio.Timeout

    def __init__(self, request: Request, uploads: Uploads, most: int) -> None:
        self._request = request
        self._uploads = uploads
        self._most = most
        self._begun = asyncio.get_running_loop().time()
        self.size = 0

    def until(self) -> float:
        """Return the deadline of the body by the event loop's clock."""
        return self._begun + _BODY_SECONDS + self.size / _BODY_BYTES_PER_SECOND

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the body's chunks, and count them in `uploads`. Each chunk extends the deadline.

        Raises `WrongUpload` if the body is too large, and `TooMuchHeld` if all uploads hold too many bytes.
        """
        async for chunk in self._request.stream():
            self._uploads.take(len(chunk))
            self.size += len(chunk)
            if self.size > self._most:
                raise WrongUpload(*_LARGE)
            self.patience.reschedule(self.until())
            yield chunk


async def _parsed(request: Request, counted: _Counted, uploads: Uploads) -> Sent:
    parser = _InMemory(request.headers, counted.chunks(), max_files=1, max_fields=4, max_part_size=_AROUND)
    form = await parser.parse()
    try:
        file, token = form.get("file"), form.get("form_token")
        if not isinstance(file, UploadFile) or not isinstance(token, str):
            raise WrongUpload(*_UNREADABLE)
        content = await file.read()
        uploads.take(len(content))
        return Sent(token, file.filename or "", content)
    finally:
        await form.close()
