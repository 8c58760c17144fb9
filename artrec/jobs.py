"""Imports that run beside the app, in a process of their own: begun, watched, stopped and found again after a reload.

A job is a folder `ARTREC_HOME/jobs/<slug>` (see `processes`). The collection itself grows in `ARTREC_HOME/collections/<slug>`.
A stopped job is begun again with the same command and goes on: what was encoded is kept.
"""

import json
import re
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from artrec import config, processes, uploads
from artrec.artifacts import read_manifest
from artrec.errors import ArtrecError
from artrec.sources.mapping import written


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
    uploads.tidy(config.home() / "uploads", config.home() / "jobs", path)
    arguments = ["import", source, str(path), "--out", str(config.home() / "collections" / slug), f"--name={name}"]
    return _start(slug, name, [*arguments, *([f"--map={written(mapping)}"] if mapping else [])])


def go_on(slug: str) -> Job:
    """Begin a stopped job again with its own command."""
    about = json.loads((_folder(slug) / "job.json").read_text("utf-8"))
    return _start(slug, about["name"], about["arguments"])


def _start(slug: str, name: str, arguments: Sequence[str]) -> Job:
    processes.begin(_folder(slug), arguments, {"name": name}, "The import")
    return Job(slug, name, "running")


def find(slug: str) -> Job | None:
    """How an import stands, or None where there is none of that name."""
    folder = _folder(slug)
    about, at = processes.about(folder), processes.progress(folder)
    if about is None or "name" not in about:
        return None
    told = partial(Job, slug, str(about["name"]), stage=at.stage, done=at.done, total=at.total, rate=at.rate)
    if processes.running(folder):
        return told(state="running")
    if (built := processes.last_line(folder / processes.OUT_FILE)).startswith("Built "):
        return told(state="done", message=built)
    fault = processes.fault(folder, "The import")
    return told(state="stopped") if fault is None else told(state="failed", message=fault)


def every() -> list[Job]:
    """All imports that are known, the newest first."""
    folder = config.home() / "jobs"
    files = sorted(folder.glob("*/job.json"), key=lambda f: -f.stat().st_mtime) if folder.is_dir() else []
    return [job for file in files if (job := find(file.parent.name))]


def stop(slug: str) -> None:
    """End a running import. What it has encoded is kept, and what was built before stays as it was."""
    processes.stop(_folder(slug))


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


def name_of(folder: Path | str) -> str:
    """A built collection's name, or its folder's where its manifest cannot be read; of a database, its address."""
    if config.is_address(folder):
        from artrec.engines.database import masked

        return masked(str(folder))
    try:
        return str(read_manifest(folder).get("name") or folder.name)
    except ArtrecError:
        return folder.name
