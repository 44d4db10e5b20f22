from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.index.row_file import RowFile

ROWS = np.arange(60, dtype=np.float32).reshape(12, 5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "行.bin"
    path.write_bytes(b"a header" + ROWS.astype("<f2").tobytes())
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 12), length=st.integers(0, 12), numbers=st.lists(st.integers(0, 11)))
@pytest.mark.parametrize("in_memory", [0, 12 * 5 * 4])
def test_rows_come_as_they_were_written(
    path: Path, start: int, length: int, numbers: list[int], in_memory: int
) -> None:
    end = min(start + length, 12)
    file = RowFile(path, "<f2", 5, 12, in_memory)
    assert (len(file), file.dimension) == (12, 5)
    rows = file.read([(start, end), *((number, number + 1) for number in numbers), (3, 3)])
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows, np.concatenate([ROWS[start:end], ROWS[numbers]]))
    assert file.read([]).shape == (0, 5)


def test_a_file_too_short_for_its_rows_does_not_open(path: Path) -> None:
    with pytest.raises(ValueError, match=r"行\.bin does not hold 13"):
        RowFile(path, "<f2", 5, 13)
