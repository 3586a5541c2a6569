"""Modules that all services read, read once: other people's packages, our shared ones, the hash of the sources."""

import fastapi  # noqa: F401 - read for those that are forked, as are the others
import faust  # noqa: F401
import uvicorn  # noqa: F401

from schemas import codec
from services.runtime import faust_worker, health, postgres, process, threaded_consumer  # noqa: F401
from services.runtime.source_code_hash import code_version

codec.make_ready()
codec.make_ready(strict=True)
for service in ("referral", "case_tracker", "reporting"):
    code_version("schemas", f"services.{service}.domain")
