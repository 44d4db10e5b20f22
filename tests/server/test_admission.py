from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.admission import Admission, Closed, QueueFull, Ticket

STEPS = st.lists(st.tuples(st.sampled_from(["enter", "leave"]), st.integers(0, 30)), max_size=60)


async def has_slot(ticket: Ticket) -> bool:
    try:
        async with asyncio.timeout(0):
            await ticket.wait()
    except TimeoutError:
        return False
    return True


@settings(deadline=None)
@given(slots=st.integers(1, 4), places=st.integers(0, 5), steps=STEPS)
def test_slots_are_used_fully_in_order_and_never_more_than_there_are(
    slots: int, places: int, steps: list[tuple[str, int]]
) -> None:
    async def scene() -> None:
        admission = Admission(slots, places)
        inside: list[Ticket] = []
        for step, place in steps:
            if step == "enter":
                try:
                    inside.append(admission.enter())
                except QueueFull:
                    assert len(inside) == slots + places
            elif inside:
                inside.pop(place % len(inside)).leave()
            assert admission.running == min(slots, len(inside))
            assert admission.waiting == len(inside) - admission.running
            # Whoever came first runs: who has left meanwhile is not in the list.
            assert [await has_slot(ticket) for ticket in inside] == [n < slots for n in range(len(inside))]

    asyncio.run(scene())


def test_beyond_the_queue_one_is_told_when_to_come_again() -> None:
    admission = Admission(1, 1)
    admission.enter()
    admission.enter()
    with pytest.raises(QueueFull) as full:
        admission.enter()
    assert 1 <= full.value.retry_after <= 120


def test_leaving_twice_frees_one_slot() -> None:
    async def scene() -> None:
        admission = Admission(1, 2)
        first, second, third = admission.enter(), admission.enter(), admission.enter()
        first.leave()
        first.leave()
        assert (await has_slot(second), await has_slot(third)) == (True, False)

    asyncio.run(scene())


def test_closing_sends_those_who_wait_home_and_lets_the_others_end() -> None:
    async def scene() -> None:
        admission = Admission(1, 1)
        running, waiting = admission.enter(), admission.enter()
        admission.close()
        with pytest.raises(Closed):
            await waiting.wait()
        with pytest.raises(Closed):
            admission.enter()
        await running.wait()
        running.leave()
        await admission.idle()

    asyncio.run(scene())
