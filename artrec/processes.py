"""Long work beside the app: a command of ArtRec in a process of its own, begun, watched and stopped, and found again after a
reload. Its folder holds `job.json` (the command and the process), `progress.json` (stage, done, total, rate), `out.txt` and
`err.txt`.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from artrec import config
from artrec.errors import ArtrecError
from artrec.files import write_json

JOB_FILE, PROGRESS_FILE, OUT_FILE, ERR_FILE = "job.json", "progress.json", "out.txt", "err.txt"
PATIENCE = 5.0  # seconds that a process has to end by itself


@dataclass(frozen=True)
class Progress:
    """Where a command stands in its present stage; `rate` in steps a second. A total of 0 is not known."""

    stage: str = ""
    done: int = 0
    total: int = 0
    rate: float = 0.0


def begin(folder: Path, arguments: Sequence[str], about: dict, what: str) -> None:
    """Start `python -m artrec ARGUMENTS --progress …` in the background; `about` is kept beside it. Raises `ArtrecError`, which
    calls it `what`, where it cannot be started."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / PROGRESS_FILE).unlink(missing_ok=True)
        command = [sys.executable, "-m", "artrec", *arguments, "--progress", str(folder / PROGRESS_FILE)]
        with (folder / OUT_FILE).open("wb") as out, (folder / ERR_FILE).open("wb") as err:
            process = subprocess.Popen(command, stdout=out, stderr=err, cwd=config.ROOT, start_new_session=True)
        write_json(folder / JOB_FILE, about | {"arguments": list(arguments), "pid": process.pid, "born": _born(process.pid)})
    except OSError as error:
        cure = "Free some space in ARTREC_HOME."
        raise ArtrecError(f"{what} cannot be started ({error.strerror or error}).", cure) from error


def about(folder: Path) -> dict | None:
    """What was kept when it began; None where nothing of use is there."""
    try:
        kept = json.loads((folder / JOB_FILE).read_text("utf-8"))
        return kept | {"pid": int(kept["pid"]), "born": float(kept["born"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def progress(folder: Path) -> Progress:
    """How far it is."""
    try:
        at = json.loads((folder / PROGRESS_FILE).read_text("utf-8"))
        return Progress(str(at["stage"]), int(at["done"]), int(at["total"]), float(at["rate"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Progress()


def running(folder: Path) -> bool:
    """Whether it runs."""
    kept = about(folder)
    return kept is not None and _alive(kept["pid"], kept["born"])


def stop(folder: Path) -> None:
    """End it, and whatever it has started; by force where it does not end by itself."""
    kept = about(folder)
    if kept is None or not _alive(kept["pid"], kept["born"]):
        return
    pid = kept["pid"]
    end = os.killpg if os.getpgid(pid) == pid else os.kill
    end(pid, signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not _alive(pid, kept["born"]):
            return
        time.sleep(0.1)
    end(pid, signal.SIGKILL)


def fault(folder: Path, what: str) -> str | None:
    """Why it ended without a result, in one line; None where it was stopped."""
    said = last_line(folder / ERR_FILE)
    if said.startswith("artrec:") and "stopped" not in said:
        return said.removeprefix("artrec: ")
    if re.match(r"\w+(?:\.\w+)*(?:Error|Exception)\b", said):  # a defect of ours: say so rather than "stopped"
        return f"{what} broke off ({said[:200]}). Try again; {folder / ERR_FILE} tells more."
    return None


def last_line(file: Path) -> str:
    """The last line that says anything, at most 600 characters."""
    try:
        with file.open("rb") as stream:
            stream.seek(max(0, file.stat().st_size - 4_000))
            lines = [line.strip() for line in re.split(r"[\r\n]", stream.read().decode("utf-8", "replace")) if line.strip()]
    except OSError:
        return ""
    return lines[-1][:600] if lines else ""


def _born(pid: int) -> float:
    """When a process began (seconds since 1970); 0 where it has ended."""
    import psutil

    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return 0.0


def _alive(pid: int, born: float) -> bool:
    """Whether this very process runs: its number may be another's by now."""
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:  # our own child that has ended
            return False
    except ChildProcessError:
        pass
    return born > 0 and abs(_born(pid) - born) < 1
