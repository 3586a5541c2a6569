"""`python -m infra.cluster.health_check`: exit code 0 when the process in this container is ready."""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection, HTTPException
from typing import Final

SECONDS: Final = 2.5


def is_ready(port: int) -> bool:
    """Whether `/readyz` on the admin port answers with status 200 within 2.5 s."""
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200  # noqa: PLR2004 - HTTP's OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_ready(int(os.environ["ATIPS_ADMIN_PORT"])))
