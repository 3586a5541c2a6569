"""The security headers of every response."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """ASGI middleware that adds the security headers, and `cache-control` if a response has none."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        named = _HEADERS | ({"strict-transport-security": "max-age=31536000"} if secure else {})
        self._headers = [(name.encode(), value.encode()) for name, value in named.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request, and add the headers to the start of its response."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [*message["headers"], *self._headers]
                if not any(name.lower() == b"cache-control" for name, _ in kept):
                    static = scope["path"].startswith("/static/")
                    kept.append((b"cache-control", b"max-age=3600" if static else b"no-store"))
                message["headers"] = kept
            await send(message)

        await self._app(scope, receive, sending)
