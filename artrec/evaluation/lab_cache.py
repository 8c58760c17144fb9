"""Experiments kept by what they depend on: the data, the code and the settings."""

import hashlib
import json
import logging
import math
from collections.abc import Sequence
from pathlib import Path

from artrec import config
from artrec.community.works import Works
from artrec.evaluation import experiment
from artrec.evaluation.ratings import Ratings
from artrec.files import write_json

logger = logging.getLogger(__name__)


def key_of(ratings: Ratings, works: Works | None, protocol: str, names: Sequence[str] | None, seed: int) -> str:
    """SHA-256 over data, code and settings."""
    chosen = [algorithm.name for algorithm in experiment.choose(names)]
    scale = ratings.interactions.scale
    parts = [ratings.hash, works.catalogue.hash if works else "", protocol, chosen, seed, scale, experiment.code_hash()]
    digest = hashlib.sha256(json.dumps(parts).encode())
    if works is not None and works.vectors is not None:  # another encoder, other vectors
        digest.update(works.vectors.tobytes())
    return digest.hexdigest()


def run_cached(
    ratings: Ratings,
    works: Works | None,
    protocol: str,
    names: Sequence[str] | None = None,
    seed: int = 0,
    progress: experiment.Progress | None = None,
    folder: Path | None = None,
) -> dict:
    """The report of `experiment.run`, from the folder (default: in `ARTREC_HOME`) where it was made before. A file that cannot
    be read is made anew; where none can be written, a warning is logged."""
    folder = folder or config.home() / "lab"
    file = folder / f"{key_of(ratings, works, protocol, names, seed)}.json"
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        report = plain(experiment.run(ratings, works, protocol, names, seed, progress))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(file, report)
    except OSError as error:
        logger.warning("The experiment is not kept (%s); set ARTREC_HOME to a folder that can be written to.", error)
    return report


def plain(value):
    """As JSON would give it back: names as keys, lists, and None for what is not a finite number."""
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
