from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from server.store.tables import SafeText, UtcTime

_DIALECTS: list[Dialect] = [sqlite.dialect(), postgresql.psycopg.dialect()]  # type: ignore[no-untyped-call]
_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_TIMES = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=_ZONES)


@pytest.mark.parametrize("dialect", _DIALECTS)
@settings(deadline=None)
@given(time=_TIMES)
def test_a_time_comes_back_in_utc(dialect: Dialect, time: datetime) -> None:
    kept = UtcTime().process_bind_param(time, dialect)
    read = UtcTime().process_result_value(kept, dialect)
    assert read == time
    assert read is not None
    assert read.tzinfo is UTC


@pytest.mark.parametrize("dialect", _DIALECTS)
def test_a_time_without_timezone_is_an_error(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="timezone"):
        UtcTime().process_bind_param(datetime(2025, 1, 1), dialect)


@pytest.mark.parametrize("dialect", _DIALECTS)
@settings(deadline=None)
@given(text=st.text())
def test_text_loses_nothing_but_nul(dialect: Dialect, text: str) -> None:
    assert SafeText().process_bind_param(text, dialect) == text.replace("\0", "\ufffd")
