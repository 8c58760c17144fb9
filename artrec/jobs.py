"""Imports that run beside the app, in a process of their own: begun, watched, stopped and found again after a reload.

A job is a folder `ARTREC_HOME/jobs/<slug>`: `job.json` (the command), `progress.json` (stage, done, total, rate), `out.txt` and
`err.txt`. The collection itself grows in `ARTREC_HOME/collections/<slug>`. A stopped job is begun again with the same command
and goes on: what was encoded is kept.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from artrec import config
from artrec.artifacts import read_manifest
from artrec.errors import ArtrecError
from artrec.files import write_json
from artrec.sources.mapping import written

PROGRESS_FILE = "progress.json"
KEPT_UPLOAD = 86_400  # seconds that an uploaded file is kept without being imported


@dataclass(frozen=True)
class Job:
    """An import. `state`: running, done, stopped or failed; `message`: what it said at the end, one line."""

    slug: str
    name: str
    state: str
    stage: str = ""
    done: int = 0
    total: int = 0
    rate: float = 0.0  # works a second in this stage
    message: str = ""


def slug_of(name: str) -> str:
    """A collection's name as the name of its folder. Raises `ArtrecError` where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]
    if not slug:
        raise ArtrecError("The collection has no name that a folder could have.", "Give it a name with letters or digits.")
    return slug


def collections() -> dict[str, Path]:
    """Built collections that the user has, by slug."""
    folder = config.home() / "collections"
    found = sorted(folder.glob("*/manifest.json")) if folder.is_dir() else []
    return {file.parent.name: file.parent for file in found if not file.parent.name.startswith(".")}


def _folder(slug: str) -> Path:
    return config.home() / "jobs" / slug


def begin(name: str, source: str, path: Path, mapping: Mapping[str, str]) -> Job:
    """Start an import, or go on with one that was stopped. Raises `ArtrecError` where it runs already or cannot be started."""
    slug = slug_of(name)
    if (job := find(slug)) and job.state == "running":
        raise ArtrecError(f"“{job.name}” is being imported already.", "Wait for it, or stop it first.")
    _tidy_uploads(path)
    arguments = ["import", source, str(path), "--out", str(config.home() / "collections" / slug), f"--name={name}"]
    return _start(slug, name, [*arguments, *([f"--map={written(mapping)}"] if mapping else [])])


def go_on(slug: str) -> Job:
    """Begin a stopped job again with its own command."""
    about = json.loads((_folder(slug) / "job.json").read_text("utf-8"))
    return _start(slug, about["name"], about["arguments"])


def _start(slug: str, name: str, arguments: Sequence[str]) -> Job:
    folder = _folder(slug)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / PROGRESS_FILE).unlink(missing_ok=True)
        command = [sys.executable, "-m", "artrec", *arguments, "--progress", str(folder / PROGRESS_FILE)]
        with (folder / "out.txt").open("wb") as out, (folder / "err.txt").open("wb") as err:
            process = subprocess.Popen(command, stdout=out, stderr=err, cwd=config.ROOT, start_new_session=True)
        about = {"name": name, "arguments": list(arguments), "pid": process.pid, "born": _born(process.pid)}
        write_json(folder / "job.json", about)
    except OSError as error:
        raise ArtrecError(
            f"The import cannot be started ({error.strerror or error}).", "Free some space in ARTREC_HOME."
        ) from error
    return Job(slug, name, "running")


def find(slug: str) -> Job | None:
    """How an import stands, or None where there is none of that name."""
    folder = _folder(slug)
    try:
        about = json.loads((folder / "job.json").read_text("utf-8"))
        pid, born, name = int(about["pid"]), float(about["born"]), str(about["name"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    try:
        at = json.loads((folder / PROGRESS_FILE).read_text("utf-8"))
        stage, done, total, rate = str(at["stage"]), int(at["done"]), int(at["total"]), float(at["rate"])
    except (OSError, ValueError, KeyError, TypeError):
        stage, done, total, rate = "", 0, 0, 0.0
    if _alive(pid, born):
        return Job(slug, name, "running", stage, done, total, rate)
    said = _last_line(folder / "err.txt")
    if _last_line(folder / "out.txt").startswith("Built "):
        return Job(slug, name, "done", stage, done, total, rate, _last_line(folder / "out.txt"))
    if said.startswith("artrec:") and "stopped" not in said:
        return Job(slug, name, "failed", stage, done, total, rate, said.removeprefix("artrec: "))
    if re.match(r"\w+(?:\.\w+)*(?:Error|Exception)\b", said):  # a defect of ours: say so rather than "stopped"
        message = f"The import broke off ({said[:200]}). Try again; {folder / 'err.txt'} tells more."
        return Job(slug, name, "failed", stage, done, total, rate, message)
    return Job(slug, name, "stopped", stage, done, total, rate)


def every() -> list[Job]:
    """All imports that are known, the newest first."""
    folder = config.home() / "jobs"
    files = sorted(folder.glob("*/job.json"), key=lambda f: -f.stat().st_mtime) if folder.is_dir() else []
    return [job for file in files if (job := find(file.parent.name))]


def stop(slug: str) -> None:
    """End a running import. What it has encoded is kept, and what was built before stays as it was."""
    if (job := find(slug)) is None or job.state != "running":
        return
    about = json.loads((_folder(slug) / "job.json").read_text("utf-8"))
    pid, born = int(about["pid"]), float(about["born"])
    with_group = os.getpgid(pid) == pid
    (os.killpg if with_group else os.kill)(pid, signal.SIGTERM)
    for _ in range(50):
        if not _alive(pid, born):
            return
        time.sleep(0.1)
    (os.killpg if with_group else os.kill)(pid, signal.SIGKILL)


def forget(slug: str) -> None:
    """Remove what is kept about an import that does not run, its upload among it; its collection stays."""
    if (job := find(slug)) is not None and job.state != "running":
        arguments = json.loads((_folder(slug) / "job.json").read_text("utf-8"))["arguments"]
        given, uploads = Path(arguments[2]), config.home() / "uploads"
        if given.is_file() and given.resolve().parent == uploads.resolve():
            given.unlink(missing_ok=True)
        for rest in ("-import", ".building", ".records"):  # of an import that was stopped
            shutil.rmtree(config.home() / "collections" / f".{slug}{rest}", ignore_errors=True)
        shutil.rmtree(_folder(slug), ignore_errors=True)


def _tidy_uploads(wanted: Path) -> None:
    """Remove files that were uploaded more than a day ago and that neither an import nor the next one (`wanted`) needs."""
    uploads = config.home() / "uploads"
    needed = "\0".join(file.read_text("utf-8") for file in (config.home() / "jobs").glob("*/job.json"))
    for file in uploads.glob("*") if uploads.is_dir() else ():
        told = json.dumps(file.name, ensure_ascii=False)[1:-1]
        if time.time() - file.stat().st_mtime > KEPT_UPLOAD and told not in needed and file.resolve() != wanted.resolve():
            file.unlink(missing_ok=True)


def name_of(folder: Path | str) -> str:
    """A built collection's name, or its folder's where its manifest cannot be read; of a database, its address."""
    if config.is_address(folder):
        from artrec.engines.database import masked

        return masked(str(folder))
    try:
        return str(read_manifest(folder).get("name") or folder.name)
    except ArtrecError:
        return folder.name


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


def _last_line(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            stream.seek(max(0, file.stat().st_size - 4_000))
            lines = [line.strip() for line in re.split(r"[\r\n]", stream.read().decode("utf-8", "replace")) if line.strip()]
    except OSError:
        return ""
    return lines[-1][:600] if lines else ""
