from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from server.security.verified_keys import VerifiedKeys

if TYPE_CHECKING:
    from tests.server.security.conftest import Clock, MemoryKeys


@pytest.fixture
def verified(keys: MemoryKeys, clock: Clock) -> VerifiedKeys:
    return VerifiedKeys(keys, clock)


def test_a_key_is_verified_once_and_then_recalled(verified: VerifiedKeys, keys: MemoryKeys) -> None:
    key = keys.create("ann", frozenset({"chat"}))

    async def use() -> None:
        assert await verified.recall(key) is None
        identity = await verified.verify(key)
        assert identity is not None and identity.name == "ann" and identity.scopes == {"chat"}
        assert [await verified.recall(key) for _ in range(5)] == [identity] * 5

    asyncio.run(use())
    assert keys.verifications == 1


def test_a_wrong_key_is_never_recalled(verified: VerifiedKeys, keys: MemoryKeys) -> None:
    keys.create("ann", frozenset({"chat"}))

    async def use() -> None:
        assert await verified.verify("pk_ann_wrong") is None
        assert await verified.recall("pk_ann_wrong") is None

    asyncio.run(use())


def test_a_revoked_key_stops_working_within_seconds(verified: VerifiedKeys, keys: MemoryKeys, clock: Clock) -> None:
    key = keys.create("ann", frozenset({"chat"}))

    async def use() -> None:
        await verified.verify(key)
        assert await verified.recall(key) is not None
        keys.revoke("ann")
        clock.now += 3
        assert await verified.recall(key) is None
        assert await verified.holder("ann") is None
        assert await verified.verify(key) is None

    asyncio.run(use())


def test_a_key_that_was_made_a_moment_ago_has_a_holder(verified: VerifiedKeys, keys: MemoryKeys) -> None:
    async def use() -> None:
        assert await verified.holder("ann") is None
        identity = await verified.verify(keys.create("ann", frozenset()))
        assert await verified.holder("ann") == identity

    asyncio.run(use())


def test_the_store_learns_now_and_then_that_a_key_is_used(
    verified: VerifiedKeys, keys: MemoryKeys, clock: Clock
) -> None:
    key = keys.create("ann", frozenset())

    async def use() -> None:
        await verified.verify(key)
        clock.now += 61
        assert await verified.recall(key) is not None
        assert await verified.recall(key) is not None

    asyncio.run(use())
    assert keys.verifications == 2


def test_no_more_than_a_thousand_keys_or_so_are_remembered(verified: VerifiedKeys, keys: MemoryKeys) -> None:
    made = [keys.create(f"k{n}", frozenset()) for n in range(1025)]

    async def use() -> None:
        for key in made:
            await verified.verify(key)
        assert await verified.recall(made[0]) is None
        assert await verified.recall(made[1]) is not None

    asyncio.run(use())


def test_nothing_that_is_remembered_holds_the_key(verified: VerifiedKeys, keys: MemoryKeys) -> None:
    key = keys.create("ann", frozenset())
    asyncio.run(verified.verify(key))
    assert "secret" not in repr(vars(verified))
