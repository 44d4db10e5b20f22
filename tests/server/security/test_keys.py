from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.security.keys import hash_secret, join_key, matches, new_secret, split_key


def test_a_secret_matches_its_hash_and_no_other() -> None:
    secret = new_secret()
    hashed = hash_secret(secret)
    assert matches(secret, hashed)
    assert not matches(new_secret(), hashed)


def test_where_there_is_no_key_nothing_matches_not_even_the_stand_in() -> None:
    assert not matches(new_secret(), None)


def test_where_there_is_no_key_as_much_is_hashed_as_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed, costs = hash_secret(new_secret()), []
    real = hashlib.scrypt

    def noted(password: bytes, *, salt: bytes, n: int, r: int, p: int, maxmem: int, dklen: int) -> bytes:
        costs.append((n, r, p, len(salt), dklen))
        return real(password, salt=salt, n=n, r=r, p=p, maxmem=maxmem, dklen=dklen)

    monkeypatch.setattr(hashlib, "scrypt", noted)
    matches(new_secret(), hashed)
    matches(new_secret(), None)
    assert len(costs) == 2 and costs[0] == costs[1]


def test_two_hashes_of_one_secret_differ_and_do_not_hold_it() -> None:
    secret = new_secret()
    first, second = hash_secret(secret), hash_secret(secret)
    assert first != second
    assert secret not in first


def test_secrets_are_long_and_never_the_same() -> None:
    drawn = {new_secret() for _ in range(100)}
    assert len(drawn) == 100
    assert all(len(bytes.fromhex(secret)) >= 32 for secret in drawn)


def test_a_key_gives_back_its_parts() -> None:
    secret = new_secret()
    assert split_key(join_key("3f0c1a7e5b9d4c2e8a6f7b1d0e9c8a75", secret)) == (
        "3f0c1a7e5b9d4c2e8a6f7b1d0e9c8a75",
        secret,
    )


@given(st.text(st.characters(), max_size=300))
def test_what_is_no_key_is_not_taken_apart(text: str) -> None:
    for key in (text, f"pk_{text}", f"pk_{text}_{text}", f"pk_a_{text}"):
        parts = split_key(key)
        assert parts is None or join_key(*parts) == key


def test_a_key_with_anything_around_it_is_no_key() -> None:
    key = join_key("a", "b")
    assert all(split_key(wrong) is None for wrong in (f"{key}\n", f" {key}", f"{key}\0", "pk_a_", "pk__b", "pk_é_b"))
