"""Check of the password that a signed-in person types again, with waits after wrong ones as for signing in."""

from fastapi import Request

from services.web.api.dependencies import language, parts
from services.web.api.page import word
from services.web.domain.account_rules import LONGEST_PASSWORD


async def check_password(request: Request, secret: str | None, typed: str) -> tuple[int, str | None]:
    """Return (HTTP status, message why a typed password is refused; None if it is right).

    `secret`: hash of the account's password; None if it has none, so that no password is right.
    """
    needed, lang = parts(request), language(request)
    address = request.client.host if request.client else ""
    if wait := needed.attempts.wait(address, needed.now()):
        return 429, word(lang, "wait", seconds=int(wait.total_seconds()) + 1)
    with needed.attempts.tried(address):
        is_right = await needed.passwords.matches(secret, typed[:LONGEST_PASSWORD])
    if not is_right:
        needed.attempts.fail(address, needed.now())
        return 401, word(lang, "prove_wrong")
    needed.attempts.succeed(address)
    return 200, None
