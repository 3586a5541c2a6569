"""Readiness names what is missing, as codes; liveness only says that the loop turns."""

from starlette.testclient import TestClient

from services.runtime.health import app


async def _well() -> str | None:
    return None


async def _away() -> str | None:
    return "no database"


def test_ready_when_every_check_is_well() -> None:
    client = TestClient(app({"assignment": _well}))
    assert client.get("/readyz").json() == {"ready": True, "reasons": {}}
    assert client.get("/livez").status_code == 200


def test_not_ready_says_why() -> None:
    response = TestClient(app({"assignment": _well, "database": _away})).get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "reasons": {"database": "no database"}}


def test_metrics_are_served_without_labels_that_could_name_anybody() -> None:
    text = TestClient(app({})).get("/metrics").text
    assert "atips_records_total" in text
