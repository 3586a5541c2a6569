"""The log's allow-list: a value that is not listed cannot be written, whoever logs it and however."""

import json
import logging

import pytest
import structlog

CANARY = "Canary-7f3a"
pytestmark = pytest.mark.usefixtures("logged")


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_unlisted_key_is_dropped_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("assigned", payload=CANARY, n=7)
    (line,) = written(capsys)
    assert line["n"] == 7
    assert line["dropped"] == "payload"
    assert CANARY not in json.dumps(line)


def test_a_structured_value_is_reduced_to_its_type(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("assigned", reason={"name": CANARY})
    (line,) = written(capsys)
    assert line["reason"] == "dict"


def test_an_exception_is_its_class_and_frames_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        int(CANARY)
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = written(capsys)
    assert line["error"] == "ValueError"
    assert "test_json_logging.py" in str(line["frames"])
    assert CANARY not in json.dumps(line)


def test_a_library_speaks_only_if_its_texts_are_known_to_be_clean(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("somewhere").error(CANARY)
    logging.getLogger("uvicorn.error").error("address in use")
    first, second = written(capsys)
    assert first["logger"] == "somewhere"
    assert CANARY not in json.dumps(first)
    assert second["reason"] == "address in use"


def test_the_kafka_client_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(50):
        logging.getLogger("librdkafka").error("FAIL [thrd] broker away")
    logging.getLogger("librdkafka").error("GETPID [thrd] retrying")
    assert [str(line["reason"])[:4] for line in written(capsys)] == ["FAIL", "GETP"]


def test_faust_and_its_client_are_not_repeated_whatever_the_values(capsys: pytest.CaptureFixture[str]) -> None:
    for attempt in range(50):
        logging.getLogger("aiokafka.conn").error("Unable to connect to %s: attempt %s", "broker:9092", attempt)
        logging.getLogger("faust.transport.consumer").warning("%s was %s", CANARY, attempt)
    first, second = written(capsys)
    assert first["reason"] == "Unable to connect to broker:9092: attempt 0"
    assert second["reason"] == ""
