"""A real conversation in a real terminal, with the real models."""

import os
import sys
from pathlib import Path

import pexpect
import pytest

pytestmark = pytest.mark.models
ROOT = Path(__file__).parents[3]


def test_a_conversation_in_a_terminal(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "TERM": "xterm", "COLUMNS": "120"}
    chat = pexpect.spawn(
        sys.executable, ["-m", "rag", "chat"], cwd=str(ROOT), env=environment, encoding="utf-8", timeout=90
    )
    try:
        chat.expect("/help")
        chat.expect("›")
        chat.sendline("苹果为什么没有选择DeepSeek？")
        chat.expect("来源")
        chat.expect("\\[1\\]")
        chat.expect("›")
        chat.sendline("Which companies' models did Apple evaluate before it chose?")
        chat.expect("…")  # the draft has begun
        chat.sendintr()
        chat.expect("Stopped.")
        chat.expect("›")
        chat.sendline("/why")
        chat.expect("threshold")
        chat.sendline("/quit")
        chat.expect(pexpect.EOF)
    finally:
        chat.close(force=True)
    assert (tmp_path / "pincite" / "chat_history").is_file()
