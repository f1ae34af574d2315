"""Who has a project open: told to a second window, freed by the death of the first."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from curvedesk.domain.errors import CurveDeskError
from curvedesk.store import lock as lock_module
from curvedesk.store.lock import InUseError, acquire, holder_of

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".log.lock"


def test_a_lock_is_held_until_it_is_given_back(path: Path) -> None:
    lock = acquire(path)
    with pytest.raises(InUseError, match="open in another window of this computer") as raised:
        acquire(path)
    assert raised.value.holder.pid == os.getpid()
    assert isinstance(raised.value, CurveDeskError)
    lock.release()
    assert holder_of(path) is None
    acquire(path).release()
    assert not list(path.parent.iterdir())


def _left(path: Path, **changes: object) -> None:
    """A lock of another process."""
    lock = acquire(path)
    holder = json.loads(path.read_bytes())
    lock.release()
    path.write_text(json.dumps({**holder, **changes}))


def test_a_killed_process_holds_nothing(path: Path) -> None:
    script = "import os, sys; from pathlib import Path; from curvedesk.store.lock import acquire\n"
    script += "acquire(Path(sys.argv[1])); os._exit(9)"
    subprocess.run([sys.executable, "-c", script, str(path)], cwd=REPO, check=False)
    assert path.exists()
    assert holder_of(path) is None
    acquire(path).release()


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX: Windows keeps no ended processes")
def test_a_killed_process_that_nobody_cleared_away_holds_nothing(path: Path) -> None:
    script = "import sys, time; from pathlib import Path; from curvedesk.store.lock import acquire\n"
    script += "lock = acquire(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", script, str(path)], cwd=REPO, stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    assert holder_of(path) is not None
    os.kill(child.pid, signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and stays a zombie
    assert holder_of(path) is None
    child.stdout.close()
    child.wait()


def test_another_process_with_the_same_number_is_not_the_holder(path: Path) -> None:
    _left(path, started=1.0)
    assert holder_of(path) is None
    _take_and_leave(path)


def test_another_machine_counts_as_alive_until_it_is_overruled(path: Path) -> None:
    _left(path, host="rig-7", pid=999_999)
    with pytest.raises(InUseError, match=r"on the computer rig-7 \(process 999999\) since 20"):
        acquire(path)
    lock = acquire(path, take_over=True)
    assert holder_of(path) is not None
    lock.release()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1e999, "host": "", "started": 0, "at": ""}']
)
def test_a_lock_that_says_nothing_is_cleared_when_it_is_old(path: Path, content: str) -> None:
    path.write_text(content)
    long_ago = time.time() - 60
    os.utime(path, (long_ago, long_ago))
    _take_and_leave(path)


def _take_and_leave(path: Path) -> None:
    """The lock is ours, and then nobody's."""
    lock = acquire(path)
    assert json.loads(path.read_text(encoding="utf-8"))["pid"] == os.getpid()
    lock.release()
    assert not path.exists()


def test_a_lock_that_is_just_being_written_is_waited_for(path: Path) -> None:
    path.write_text("")
    with pytest.raises(OSError, match="cannot be taken"):
        acquire(path)


def test_releasing_leaves_a_lock_that_somebody_took_over(path: Path) -> None:
    lock = acquire(path)
    _left(path.with_name("other"), host="rig-7")
    path.with_name("other").replace(path)
    lock.release()
    assert path.exists()


def test_a_disk_without_hard_links_has_locks_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise PermissionError(1, "no hard links here")

    monkeypatch.setattr(lock_module.os, "link", refuse)
    lock = acquire(path)
    with pytest.raises(InUseError):
        acquire(path)
    lock.release()
    assert not list(path.parent.iterdir())


def test_of_many_at_once_one_gets_it_though_a_dead_one_held_it(path: Path) -> None:
    _left(path, started=1.0)
    script = (
        "import sys, time; from pathlib import Path; from curvedesk.store.lock import InUseError, acquire\n"
        "Path(sys.argv[2]).touch()\n"
        "while not Path(sys.argv[3]).exists(): time.sleep(0.001)\n"
        "try: acquire(Path(sys.argv[1])); sys.stdout.write('mine'); sys.stdout.flush(); time.sleep(1)\n"
        "except (InUseError, OSError): pass\n"
    )
    go = path.with_name("go")
    ready = [path.with_name(f"ready{i}") for i in range(4)]
    runs = [
        subprocess.Popen([sys.executable, "-c", script, str(path), str(r), str(go)], cwd=REPO, stdout=subprocess.PIPE)
        for r in ready
    ]
    while not all(r.exists() for r in ready):
        time.sleep(0.01)
    go.touch()
    assert sum(run.communicate()[0] == b"mine" for run in runs) == 1
