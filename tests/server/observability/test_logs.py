"""In a process of their own, since logging belongs to the whole process."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SCRIPT = """
import logging, sys, structlog
from server.observability.logs import configure_logs
configure_logs(sys.argv[1])
with structlog.contextvars.bound_contextvars(request_id="r1"):
    structlog.get_logger("pincite.test").info("said", words="你好")
    logging.getLogger("elsewhere").warning("of a library: %s", 7)
    logging.getLogger("uvicorn.access").info("quiet")
    secret = "a secret"
    try:
        1 / len(secret[8:])
    except ZeroDivisionError:
        structlog.get_logger("pincite.test").exception("failed")
"""


def logged(form: str) -> str:
    command = [sys.executable, "-c", SCRIPT, form]
    result = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    assert result.stdout == ""
    return result.stderr


def test_json_is_an_object_a_line() -> None:
    said, library, failed = (json.loads(line) for line in logged("json").splitlines())
    assert said | {"timestamp": ""} == {
        "event": "said",
        "words": "你好",
        "level": "info",
        "logger": "pincite.test",
        "request_id": "r1",
        "timestamp": "",
    }
    assert (library["event"], library["logger"], library["request_id"]) == ("of a library: 7", "elsewhere", "r1")
    assert "ZeroDivisionError" in failed["exception"]


def test_text_is_for_people() -> None:
    text = logged("text")
    assert "said" in text
    assert "你好" in text
    assert "\x1b" not in text


@pytest.mark.parametrize("form", ["json", "text"])
def test_values_stay_out_of_tracebacks_and_chatter_out_of_the_log(form: str) -> None:
    text = logged(form)
    assert "a secret" not in text.replace('secret = "a secret"', "")
    assert "quiet" not in text
