"""A folder made in stages, whole or not there at all, beside the one that it replaces.

`OnDisk` keeps each stage's files in `.NAME.building` beside the folder NAME and marks it when it is done. A build that stops,
however that came, goes on after the last mark; the marks tell what they were made from, so that other records or another model
begin anew. At the end the folder takes the other's place in one step. `InMemory` makes the same stages and keeps nothing.
"""

import ctypes
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from artrec import config
from artrec.errors import ArtifactError
from artrec.files import write_json

MARKS_FILE = "stages.json"
T = TypeVar("T")
V = TypeVar("V")


class InMemory:
    """Stages that are made and handed on."""

    def made(
        self,
        stage: str,
        make: Callable[[], V],
        write: Callable[[V, Path], None],
        read: Callable[[Path], T],
        whole: Callable[[V], T] = lambda value: value,
    ) -> T:
        """A stage's outcome. `make` gives it or a stream of it, which `whole` gathers in memory, or `write` puts into a folder
        and `read` takes from there."""
        return whole(make())

    def lent(self, value: T, read: Callable[[Path], T]) -> Callable[[], T]:
        """Gives a stage's outcome whenever it is asked for; `read` takes it from a folder."""
        return lambda: value


class OnDisk(InMemory):
    """Stages whose files are kept in `work`, the folder that is to take the place of `folder`."""

    def __init__(self, folder: Path, made_from: dict):
        """Go on with what was begun from the same, or begin anew. `made_from`: JSON that tells one build from another."""
        self.folder = Path(folder).resolve()
        self.work = self.folder.with_name(f".{self.folder.name}.building")
        self._made_from = made_from
        if (left := _aside(self.work)).exists():
            shutil.rmtree(left) if self.folder.exists() else os.replace(left, self.folder)
        (self.folder / MARKS_FILE).unlink(missing_ok=True)
        self._done: list[str] = self._marks()
        if not self._done and self.work.exists():
            shutil.rmtree(self.work)
        self.work.mkdir(parents=True, exist_ok=True)

    def _marks(self) -> list[str]:
        try:
            marks = json.loads((self.work / MARKS_FILE).read_text("utf-8"))
            return list(marks["done"]) if marks["made_from"] == self._made_from else []
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def made(self, stage, make, write, read, whole=None):
        """See `InMemory.made`. What is marked is read, not made; what is made is read again, so that memory holds no more than
        after opening."""
        if stage in self._done:
            try:
                return read(self.work)
            except Exception:  # damaged since, and every library says that in its own way
                self._done.remove(stage)
        write(make(), self.work)
        self._done.append(stage)
        write_json(self.work / MARKS_FILE, {"made_from": self._made_from, "done": self._done})
        return read(self.work)

    def lent(self, value, read):
        """See `InMemory.lent`. It is read each time, so that nobody need hold it while it is not used."""
        return lambda: read(self.work)

    def finish(self) -> None:
        """Put the folder in place of the other. The marks go last: until then a build that is killed has all to go on with."""
        os.chmod(self.work, 0o755)
        put_in_place(self.work, self.folder)
        (self.folder / MARKS_FILE).unlink()


def _aside(made: Path) -> Path:
    return made.with_name(made.name + "-old")


def put_in_place(made: Path, folder: Path) -> None:
    """Swap a new folder for the old one, in one step where the system can; else the old one comes back where that fails."""
    if not folder.exists():
        os.replace(made, folder)
    elif exchange(made, folder):
        shutil.rmtree(made, ignore_errors=True)
    else:
        old = _aside(made)
        shutil.rmtree(old, ignore_errors=True)
        try:
            os.replace(folder, old)
            os.replace(made, folder)
        except BaseException:
            if old.exists() and not folder.exists():
                os.replace(old, folder)
            raise
        shutil.rmtree(old, ignore_errors=True)


def exchange(a: Path, b: Path) -> bool:
    """Swap two folders' names at once, so that there is no moment without either; False where the system cannot (it is
    Linux's `renameat2`)."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return rename(here, os.fsencode(a), here, os.fsencode(b), swap) == 0


def refuse_foreign(folder: Path) -> None:
    """Raise `ArtifactError` where a build would write over something that is no collection."""
    cure = "Choose an empty or new folder for --out."
    if folder.exists() and not folder.is_dir():
        raise ArtifactError(f"{folder} is a file.", cure)
    if folder.exists() and any(folder.iterdir()) and not (folder / "manifest.json").exists():
        raise ArtifactError(f"{folder} holds other files than a collection.", cure)


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Hold a folder while a collection is built into it; a thread may do so several times over. Raises `ArtifactError` where
    another build holds it. The hold ends with the process, however that ends."""
    from filelock import FileLock, Timeout

    folder = Path(folder).resolve()
    locks = config.home() / "locks"
    try:
        locks.mkdir(parents=True, exist_ok=True)
        file = locks / f"{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}.lock"
        lock = FileLock(file, timeout=0, is_singleton=True)
        lock.acquire()
    except Timeout:
        raise ArtifactError(
            f"Another build is writing to {folder}.", "Wait for it to end, or choose another folder for --out."
        ) from None
    except OSError as error:
        cure = "Set ARTREC_HOME to a folder that can be written to."
        raise ArtifactError(f"{locks} cannot be written to ({error.strerror or error}).", cure) from error
    try:
        yield
    finally:
        lock.release()
