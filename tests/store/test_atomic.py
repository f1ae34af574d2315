"""Files that appear whole or not at all, whatever fails meanwhile."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from curvedesk.domain.errors import CurveDeskError, ExportError, SheetError
from curvedesk.store import atomic
from curvedesk.store.atomic import replacing


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "out.las"
    path.write_text("old")
    return path


def _only(target: Path) -> bool:
    return [path.name for path in target.parent.iterdir()] == [target.name]


def test_the_new_content_takes_the_place_of_the_old(target: Path) -> None:
    with replacing(target) as part:
        part.write_text("new")
        assert target.read_text() == "old"
        assert part.suffix == ".las"
    assert target.read_text() == "new"
    assert _only(target)


def test_a_file_that_was_not_there_appears(tmp_path: Path) -> None:
    with replacing(tmp_path / "a b #.csv") as part:
        part.write_text("x")
    assert (tmp_path / "a b #.csv").read_text() == "x"


def test_it_looks_like_a_file_written_the_plain_way(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x")
    with replacing(tmp_path / "ours") as part:
        part.write_text("x")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_permissions_of_the_old_file_stay(target: Path) -> None:
    target.chmod(0o640)
    with replacing(target) as part:
        part.write_text("new")
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(target: Path) -> None:
    link = target.with_name("link.las")
    link.symlink_to(target)
    with replacing(link) as part:
        part.write_text("new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), SheetError("x")])
def test_a_failure_while_writing_keeps_the_old_file(target: Path, error: BaseException) -> None:
    def write() -> None:
        with replacing(target) as part:
            part.write_text("half")
            raise error

    with pytest.raises(type(error)):
        write()
    assert target.read_text() == "old"
    assert _only(target)


def test_a_full_disk_is_one_sentence_and_keeps_the_old_file(target: Path) -> None:
    def write() -> None:
        with replacing(target) as part:
            part.write_text("half")
            Path("/dev/full").write_text("x" * 100_000)  # the real error of a full disk

    with pytest.raises(ExportError, match=r"out\.las: cannot be written: the disk is full; free some space"):
        write()
    assert target.read_text() == "old"
    assert _only(target)


@pytest.mark.parametrize("call", ["fsync", "replace", "copymode"])
@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EACCES])
def test_a_failing_system_call_keeps_a_whole_file(
    target: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError(code, os.strerror(code))

    owner = {"fsync": atomic.os, "replace": Path, "copymode": atomic.shutil}[call]
    monkeypatch.setattr(owner, call, fail)

    def write() -> None:
        with replacing(target) as part:
            part.write_text("new")

    with pytest.raises(ExportError) as raised:
        write()
    monkeypatch.undo()
    assert "\n" not in str(raised.value)
    assert target.read_text() == "old"
    assert _only(target)


def test_content_is_flushed_before_the_name_and_the_folder_after_it(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watch_fsync(handle: int) -> None:
        seen.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")  # noqa: PTH112
        fsync(handle)

    def watch_replace(self: Path, other: Path) -> Path:
        seen.append("replace")
        return replace(self, other)

    monkeypatch.setattr(atomic.os, "fsync", watch_fsync)
    monkeypatch.setattr(Path, "replace", watch_replace)
    with replacing(target) as part:
        part.write_text("new")
    assert seen == ["file", "replace", "folder"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none/out.las", "the folder does not exist"),
        ("file/out.las", "the folder is a file"),
        ("folder", "a folder of this name is in the way"),
        ("x" * 300, "the name is too long"),
        ("/dev/null", "it is a device"),
    ],
)
def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()

    def write() -> None:
        with replacing(tmp_path / name) as part:
            part.write_text("new")

    with pytest.raises(ExportError, match=said) as raised:
        write()
    assert "\n" not in str(raised.value)


def test_a_fault_of_another_file_is_not_blamed_on_this_one(target: Path) -> None:
    def write() -> None:
        with replacing(target):
            (target.parent / "other.txt").read_text()

    with pytest.raises(FileNotFoundError) as raised:
        write()
    assert not isinstance(raised.value, CurveDeskError)


def test_a_killed_writer_leaves_the_old_file(target: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from curvedesk.store.atomic import replacing\n"
        "with replacing(Path(sys.argv[1])) as part:\n"
        "    part.write_text('half'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(atomic.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script, str(target)], cwd=root, check=False)
    assert done.returncode == -signal.SIGKILL
    assert target.read_text() == "old"
    with replacing(target) as part:
        part.write_text("new")
    assert target.read_text() == "new"
