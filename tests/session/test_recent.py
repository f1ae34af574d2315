"""The list of what was open lately."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curvedesk.session.recent import MOST, recent_files, remember


def _names() -> list[str]:
    return [Path(each.path).name for each in recent_files()]


def test_the_newest_comes_first_and_once(tmp_path: Path) -> None:
    for name in ("a", "b", "a"):
        remember(tmp_path / name)
    assert _names() == ["a", "b"]
    (tmp_path / "a").touch()
    assert [each.exists for each in recent_files()] == [True, False]


def test_the_list_is_bounded(tmp_path: Path) -> None:
    for number in range(MOST + 5):
        remember(tmp_path / str(number))
    assert len(_names()) == MOST
    assert _names()[0] == str(MOST + 4)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": 3}', '{"files": [{"path": 1, "at": 2}]}', "\ud800"])
def test_a_damaged_list_is_an_empty_one_and_is_mended(curvedesk_home: Path, tmp_path: Path, content: str) -> None:
    file = curvedesk_home / "config" / "recent.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(content.encode(errors="surrogatepass"))
    assert recent_files() == ()
    remember(tmp_path / "a")
    assert _names() == ["a"]
    json.loads(file.read_text())


def test_a_home_that_cannot_be_written_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CURVEDESK_HOME", str(tmp_path / "file"))
    remember(tmp_path / "a")
    assert _names() == []
