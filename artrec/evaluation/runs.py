"""Experiments on recommenders that run beside the app, each kept under the hash of what it depends on: data, code, settings.

A run is a folder `ARTREC_HOME/lab/<hash>` (see `processes`) in which `python -m artrec evaluate recommend` leaves its
`report.json`. Asked again with the same data, code and settings, it is there at once.
"""

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from artrec import config, processes, uploads
from artrec.errors import ArtrecError

REPORT_FILE = "report.json"
LENGTH = 24  # of the hash that a folder is named by


@dataclass(frozen=True)
class Question:
    """What is measured. `works`: a catalogue's file or folder, or with `built` a collection's; "" for the ratings' own works.
    `algorithms`: by name; none: all but the neural ones. `encoder`: fingerprint of the one in use, which texts depend on."""

    ratings: str
    works: str = ""
    built: bool = False
    protocol: str = "random"
    algorithms: tuple[str, ...] = ()
    scale: str = ""
    seed: int = 0
    encoder: str = ""

    def arguments(self) -> list[str]:
        """The command that answers it."""
        found = ["evaluate", "recommend", "--ratings", self.ratings, "--protocol", self.protocol, "--seed", str(self.seed)]
        if self.works:
            found += ["--collection" if self.built else "--catalogue", self.works]
        if self.algorithms:
            found += ["--algorithms", ",".join(self.algorithms)]
        return [*found, *([f"--scale={self.scale}"] if self.scale else [])]

    @property
    def key(self) -> str:
        """SHA-256 over data, code and settings. Raises `ArtrecError` where a file cannot be read."""
        parts = asdict(self) | {"ratings": _digest(Path(self.ratings)), "works": _works_digest(self), "code": code_hash()}
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:LENGTH]


@dataclass(frozen=True)
class Run:
    """How a question stands. `state`: running, done, stopped or failed; `message`: why it failed."""

    key: str
    title: str
    state: str
    at: processes.Progress = processes.Progress()
    message: str = ""


def begin(question: Question, title: str) -> Run:
    """Start, unless it is answered already or runs. `title`: what it is called in lists. Raises `ArtrecError`."""
    key = question.key
    if (known := find(key)) and known.state in ("running", "done"):
        return known
    home = config.home() / "lab"
    uploads.tidy(home / "uploads", home, Path(question.ratings), Path(question.works or "."))
    folder = home / key
    arguments = [*question.arguments(), "--out", str(folder / REPORT_FILE)]
    processes.begin(folder, arguments, {"title": title}, "The experiment")
    return Run(key, title, "running")


def find(key: str) -> Run | None:
    """How a run stands, or None where there is none of that name."""
    folder = _folder(key)
    about = processes.about(folder) if folder else None
    if about is None:
        return None
    title = str(about.get("title", key))
    if processes.running(folder):
        return Run(key, title, "running", processes.progress(folder))
    if (folder / REPORT_FILE).exists():
        return Run(key, title, "done")
    fault = processes.fault(folder, "The experiment")
    return Run(key, title, "stopped") if fault is None else Run(key, title, "failed", message=fault)


def report(key: str) -> dict:
    """What a run found. Raises `ArtrecError` where its file is missing or damaged; it can then be begun anew."""
    folder = _folder(key)
    try:
        document = json.loads((folder / REPORT_FILE).read_text("utf-8")) if folder else None
        if not isinstance(document, dict) or not isinstance(document.get("algorithms"), list):
            raise ValueError("not a report")
        return document
    except (OSError, ValueError) as error:
        if folder:
            (folder / REPORT_FILE).unlink(missing_ok=True)
        raise ArtrecError("The results cannot be read.", "Run the experiment again.") from error


def every() -> list[Run]:
    """All runs that are known, the newest first."""
    folder = config.home() / "lab"
    files = sorted(folder.glob(f"*/{processes.JOB_FILE}"), key=lambda f: -f.stat().st_mtime) if folder.is_dir() else []
    return [run for file in files if (run := find(file.parent.name))]


def stop(key: str) -> None:
    """End a run; nothing of it is kept."""
    if folder := _folder(key):
        processes.stop(folder)


def forget(key: str) -> None:
    """Remove what is kept of a run that does not run."""
    if (run := find(key)) and run.state != "running":
        shutil.rmtree(_folder(key), ignore_errors=True)


@cache
def code_hash() -> str:
    """SHA-256 of the code that makes the figures: this package's `community` and `evaluation`, and what they read."""
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    read = [root / name for name in ("catalogue.py", "features.py", "text.py", "topics.py", "cli_recommend_eval.py")]
    for file in sorted([*read, *root.glob("community/**/*.py"), *root.glob("evaluation/*.py")]):
        digest.update(file.relative_to(root).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


def _folder(key: str) -> Path | None:
    """The folder of a run; None for what cannot be one's name."""
    good = len(key) == LENGTH and all(letter in "0123456789abcdef" for letter in key)
    return config.home() / "lab" / key if good else None


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ArtrecError(f"{path.name} cannot be read ({error.strerror}).", "Give the file again.") from error


def _works_digest(question: Question) -> str:
    """Of what the works come from: a manifest holds the hash of its catalogue and the encoder's."""
    path = Path(question.works)
    if not question.works or config.is_address(question.works):
        return question.works
    if question.built:
        return _digest(path / "manifest.json")
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return "".join(_digest(file) for file in files)
