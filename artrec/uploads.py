"""Files that a visitor of the app uploads: kept under a name of their own until nothing needs them any more."""

import hashlib
import json
import re
import shutil
import time
from pathlib import Path
from typing import BinaryIO

from artrec.errors import ArtrecError

KEPT = 86_400  # seconds that an uploaded file is kept without being used


def keep(stream: BinaryIO, name: str, folder: Path) -> Path:
    """Put an upload into a folder, whole or not at all. Its name there begins with what it holds, so that the same file is kept
    once. Raises `ArtrecError` where there is no room."""
    plain = re.sub(r"[^\w.-]+", "_", Path(name).name)[-80:].lstrip(".-") or "file"
    try:
        stream.seek(0)
        file = folder / f"{hashlib.file_digest(stream, 'sha256').hexdigest()[:16]}-{plain}"
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            part = file.with_name(file.name + ".part")
            stream.seek(0)
            with part.open("wb") as out:
                shutil.copyfileobj(stream, out)
            part.rename(file)
        return file
    except OSError as error:
        raise ArtrecError(f"The file cannot be kept ({error.strerror or error}).", "Free some space in ARTREC_HOME.") from error


def tidy(folder: Path, jobs: Path, *wanted: Path) -> None:
    """Remove uploads that are older than a day and that neither a job (`jobs`: a folder of folders with a `job.json`) nor what
    comes next (`wanted`) needs."""
    needed = "\0".join(file.read_text("utf-8") for file in jobs.glob("*/job.json"))
    for file in folder.glob("*") if folder.is_dir() else ():
        told = json.dumps(file.name, ensure_ascii=False)[1:-1]
        old = time.time() - file.stat().st_mtime > KEPT
        if old and told not in needed and file.resolve() not in [path.resolve() for path in wanted]:
            file.unlink(missing_ok=True)
