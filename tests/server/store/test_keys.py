from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.store.base import Identity, NameTaken
from server.store.database import Database

_CHAT = frozenset({"chat"})


def test_a_key_says_whose_it_is_and_what_it_may_do(database: Database) -> None:
    key = database.keys.create("Lin 林", frozenset({"chat", "search"}))
    identity = database.keys.verify(key)
    assert identity is not None
    assert identity == Identity(identity.key_id, "Lin 林", frozenset({"chat", "search"}))
    assert key.startswith(f"pk_{identity.key_id}_")


def test_nothing_that_is_kept_gives_the_key_away(url: str, database: Database) -> None:
    key = database.keys.create("Lin", _CHAT)
    secret = key.split("_", 2)[2]
    assert secret not in repr(database.keys.list())
    if url.startswith("sqlite"):
        files = Path(url.removeprefix("sqlite:///")).parent.glob("pincite.db*")
        assert all(secret.encode() not in file.read_bytes() for file in files)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wrong=st.text() | st.from_regex(r"pk_[0-9a-f]{32}_[0-9a-f]{64}", fullmatch=True))
def test_no_other_text_is_a_key(database: Database, wrong: str) -> None:
    assert database.keys.verify(wrong) is None


def test_a_key_with_one_character_changed_is_none(database: Database) -> None:
    key = database.keys.create("Lin", _CHAT)
    for place in (0, 5, len(key) - 1):
        other = "0" if key[place] != "0" else "1"
        assert database.keys.verify(key[:place] + other + key[place + 1 :]) is None
    assert database.keys.verify(key + "0") is None


@pytest.mark.parametrize("by_name", [True, False])
def test_a_revoked_key_is_worthless_and_its_name_free(database: Database, by_name: bool) -> None:
    key, kept = database.keys.create("Lin", _CHAT), database.keys.create("Mei", _CHAT)
    key_id = key.split("_")[1]
    assert database.keys.revoke("Lin" if by_name else key_id)
    assert database.keys.verify(key) is None
    assert database.keys.verify(kept) is not None
    assert not database.keys.revoke("Lin")
    assert not database.keys.revoke(key_id)
    again = database.keys.create("Lin", _CHAT)
    assert database.keys.verify(again) is not None
    assert [(record.name, record.revoked is None) for record in database.keys.list()] == [
        ("Lin", False),
        ("Mei", True),
        ("Lin", True),
    ]


def test_active_keys_have_different_names(database: Database) -> None:
    database.keys.create("Lin", _CHAT)
    with pytest.raises(NameTaken):
        database.keys.create("Lin", _CHAT)
    assert len(database.keys.list()) == 1


def test_a_key_named_like_the_id_of_another_does_not_shield_it(database: Database) -> None:
    key_id = database.keys.create("Lin", _CHAT).split("_")[1]
    impostor = database.keys.create(key_id, _CHAT)
    assert database.keys.revoke(key_id)
    assert database.keys.verify(impostor) is not None


def test_whether_any_key_is_active(database: Database) -> None:
    assert not database.keys.any_active()
    database.keys.create("Lin", _CHAT)
    assert database.keys.any_active()
    database.keys.revoke("Lin")
    assert not database.keys.any_active()


def test_the_last_use_is_noted_by_the_minute(database: Database) -> None:
    key = database.keys.create("Lin", _CHAT)
    assert database.keys.list()[0].last_used is None
    database.keys.verify(key)
    record = database.keys.list()[0]
    assert record.last_used is not None
    assert timedelta() <= record.last_used - record.created < timedelta(minutes=1)
    database.keys.verify(key)
    assert database.keys.list()[0].last_used == record.last_used
