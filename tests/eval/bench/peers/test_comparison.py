from __future__ import annotations

import pytest

from eval.bench.peers.comparison import as_markdown, compare
from eval.bench.peers.job import Reply
from eval.bench.plain_model import Times

REPLIES = [Reply("a", 4.0, 9.0, 500, ""), Reply("b", 8.0, 10.0, 600, ""), Reply("c", 6.0, 12.0, 700, "")]
OURS = [Times(2.0, 9.0), Times(2.0, 5.0), Times(1.0, 3.0)]


def test_a_ratio_is_that_of_one_question() -> None:
    found = compare("Peer", REPLIES, OURS)
    assert (found.questions, found.prompt_tokens.median) == (3, 600)
    assert (found.first.median, found.our_first.median, found.first_ratio.median) == (6.0, 2.0, 4.0)
    assert (found.whole.median, found.our_whole.median, found.whole_ratio.median) == (10.0, 5.0, 2.0)


def test_a_peer_that_left_a_question_out_is_not_compared() -> None:
    with pytest.raises(ValueError, match="zip"):
        compare("Peer", REPLIES[:2], OURS)


def test_the_table_has_a_row_a_peer_and_as_many_cells_as_columns() -> None:
    found = compare("Peer", REPLIES, OURS)
    head, rule, *rows = as_markdown([found, found]).splitlines()
    assert head.count("|") == rule.count("|") == rows[0].count("|")
    assert rows == [rows[0]] * 2
    assert rows[0].startswith(f"| Peer | 3 | 600 | {found.first} | {found.our_first} | {found.first_ratio} |")
