"""Evidence grows on disk, can be read meanwhile, and is never more than what was really written."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from curvedesk.domain.errors import ExportError
from curvedesk.store import evidence as room
from curvedesk.store.evidence import GRAY, META, PROBABILITY, ROWS, EvidenceFolder, EvidenceKey
from curvedesk.store.evidence_cache import EvidenceCache

KEY = EvidenceKey("ab" * 32, 0, "toy", "cd" * 32, (10, 30, 130, 330), 300.0, 200 / 300)
SHAPE = (200, 80)


@pytest.fixture
def cache(tmp_path: Path) -> EvidenceCache:
    return EvidenceCache(tmp_path / "evidence")


def _ink(rows: int, *, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (2, rows, SHAPE[1]), np.uint8)


def _fill(cache: EvidenceCache, key: EvidenceKey = KEY) -> EvidenceFolder:
    folder = cache.prepare(key)
    writing = cache.writer(folder)
    assert writing is not None
    with writing as writer:
        writer.add_paper(0, _ink(SHAPE[0])[0])
        writer.add_ink(0, _ink(SHAPE[0], seed=1))
    return folder


def test_a_reader_sees_rows_as_they_are_written_and_no_others(cache: EvidenceCache) -> None:
    reader = cache.prepare(KEY)
    assert reader.probability.shape == (2, *SHAPE)
    writing = cache.writer(reader)
    assert writing is not None
    with writing as writer:
        writer.add_paper(0, _ink(200)[0])
        assert reader.has_paper
        assert reader.runs() == []
        writer.add_ink(50, _ink(30))
        assert reader.runs() == [(50, 80)]
        assert reader.has_rows(50, 80)
        assert not reader.has_rows(50, 81)
        np.testing.assert_array_equal(reader.probability[:, 50:80], _ink(30))
        np.testing.assert_array_equal(reader.gray, _ink(200)[0])
        writer.add_ink(0, _ink(50))
        writer.add_ink(80, _ink(120))
    assert reader.is_complete


def test_evidence_is_found_again_by_key_and_by_name(cache: EvidenceCache) -> None:
    made = _fill(cache)
    again = cache.find(made.name)
    assert again is not None
    assert again.is_complete
    assert again.key == KEY
    assert cache.prepare(KEY).is_complete
    np.testing.assert_array_equal(again.probability, _ink(200, seed=1))


@pytest.mark.parametrize(
    "other",
    [{"model_id": "b"}, {"box": (10, 30, 130, 331)}, {"dpi": 200.0, "scale": 1.0}, {"page": 1}, {"weights_sha256": ""}],
)
def test_another_model_place_or_page_is_other_evidence(cache: EvidenceCache, other: dict[str, object]) -> None:
    _fill(cache)
    assert not cache.prepare(replace(KEY, **other)).is_complete  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["", "..", "../evidence", ".gone-1", "none", "a/b", "C:\\x"])
def test_a_name_that_is_none_of_ours_finds_nothing(cache: EvidenceCache, name: str) -> None:
    _fill(cache)
    assert cache.find(name) is None


def test_rows_of_the_scan_and_of_the_evidence_are_told_apart(cache: EvidenceCache) -> None:
    folder = cache.prepare(KEY)
    assert folder.rows_at(30, 330) == (0, 200)
    assert folder.rows_at(60, 61) == (20, 21)
    assert folder.rows_at(-500, 10) == (0, 0)
    assert folder.rows_at(0, 9000) == (0, 200)
    assert folder.y_px(20) == pytest.approx(60)


@pytest.mark.parametrize("name", [PROBABILITY, GRAY, ROWS, META])
@pytest.mark.parametrize("harm", ["missing", "cut", "garbage"])
def test_damaged_evidence_is_never_read_and_is_made_again(cache: EvidenceCache, name: str, harm: str) -> None:
    path = _fill(cache).folder / name
    if harm == "missing":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-7])
    else:
        path.write_bytes(b"\xff" * 3)
    assert cache.find(KEY.name) is None
    fresh = cache.prepare(KEY)
    assert fresh.runs() == []
    assert not fresh.has_paper


def test_one_process_writes_at_a_time(cache: EvidenceCache) -> None:
    folder = cache.prepare(KEY)
    first = cache.writer(folder)
    assert first is not None
    with first:
        assert cache.writer(folder) is None
        assert cache.writer(cache.prepare(KEY)) is None
    second = cache.writer(folder)
    assert second is not None
    with second:
        pass


WRITE_AND_DIE = """
import os, sys
import numpy as np
from pathlib import Path
from curvedesk.store.evidence_cache import EvidenceCache
cache = EvidenceCache(Path(sys.argv[1]))
writing = cache.writer(cache.find(sys.argv[2]))
writer = writing.__enter__()
writer.add_paper(0, np.full((200, 80), 7, np.uint8))
writer.add_ink(20, np.full((2, 10, 80), 9, np.uint8))
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX: a process that kills itself")
def test_a_writer_that_is_killed_leaves_its_rows_and_no_lock(cache: EvidenceCache) -> None:
    folder = cache.prepare(KEY)
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", WRITE_AND_DIE, str(cache.folder), folder.name],
        env={**os.environ, "PYTHONPATH": root}, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == -9
    assert folder.has_paper
    assert folder.runs() == [(20, 30)]
    assert (folder.probability[:, 20:30] == 9).all()
    next_one = cache.writer(folder)
    assert next_one is not None
    with next_one as writer:
        writer.add_ink(30, _ink(5))
    assert folder.runs() == [(20, 35)]


def test_the_least_recently_used_go_when_room_is_needed(tmp_path: Path) -> None:
    size = 3 * SHAPE[0] * SHAPE[1] + SHAPE[0]
    cache = EvidenceCache(tmp_path / "evidence", max_bytes=int(2.5 * size))
    keys = [replace(KEY, model_id=name) for name in "abc"]
    for age, key in zip((300, 200), keys, strict=False):
        folder = _fill(cache, key)
        os.utime(folder.folder, (1e9 - age, 1e9 - age))
    assert cache.find(keys[0].name) is not None  # used just now
    _fill(cache, keys[2])
    assert cache.find(keys[0].name) is not None
    assert cache.find(keys[1].name) is None
    assert cache.find(keys[2].name) is not None
    assert cache.used_bytes() <= 2.5 * size


def test_what_is_being_written_is_never_removed(tmp_path: Path) -> None:
    cache = EvidenceCache(tmp_path / "evidence", max_bytes=1)
    folder = cache.prepare(KEY)
    writing = cache.writer(folder)
    assert writing is not None
    with writing:
        cache.prepare(replace(KEY, model_id="other"))
        cache.clear()
        assert cache.find(folder.name) is not None
    cache.clear()
    assert cache.find(folder.name) is None
    assert list(cache.folder.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX: mapped files that are removed")
def test_a_reader_goes_on_reading_evidence_that_was_removed(cache: EvidenceCache) -> None:
    folder = _fill(cache)
    cache.clear()
    np.testing.assert_array_equal(folder.probability, _ink(200, seed=1))


def test_a_disk_that_fills_up_is_one_sentence_and_its_rows_do_not_count(
    cache: EvidenceCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = cache.prepare(KEY)
    put = room._put

    def full(file: object, at: int, values: np.ndarray) -> None:
        if values.size > 1000:
            raise OSError(28, "No space left on device")
        put(file, at, values)  # type: ignore[arg-type]

    monkeypatch.setattr(room, "_put", full)
    writing = cache.writer(folder)
    assert writing is not None
    with writing as writer, pytest.raises(ExportError, match=r"No space left on device.*make room") as told:
        writer.add_ink(0, _ink(40))
    assert "\n" not in str(told.value)
    assert folder.runs() == []


def test_a_disk_without_room_is_refused_before_the_work(cache: EvidenceCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 100})())
    with pytest.raises(ExportError, match="GB are free; make room"):
        cache.prepare(KEY)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportError, match="cannot be kept there"):
        EvidenceCache(tmp_path / "file" / "evidence").prepare(KEY)
