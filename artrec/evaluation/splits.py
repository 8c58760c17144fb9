"""Train, validation and test, by work: `python -m artrec.evaluation.splits [FOLDER]` writes them into `queries.jsonl`.

Stratified by region of the world and type: works are ordered by both, in random order within, and every run of twenty
gets 14 train, 3 validation and 3 test in random order. So each stratum of any size has its share, within rounding.
"""

import json
import sys
from pathlib import Path

import numpy as np

from artrec import config
from artrec.catalogue import Catalogue, load_catalogue
from artrec.evaluation.queries import QUERIES_FILE
from artrec.files import write_whole
from artrec.places import region

SEED = 2026
BLOCK = ("train",) * 14 + ("validation",) * 3 + ("test",) * 3


def assign(catalogue: Catalogue, seed: int = SEED) -> dict[str, str]:
    """artwork_id → split, for every work; the same for the same set of works in any order."""
    random = np.random.default_rng(seed)
    works = sorted(catalogue, key=lambda work: work.artwork_id)
    shuffled = [works[at] for at in random.permutation(len(works))]
    ordered = sorted(shuffled, key=lambda work: (region(work.country), work.type))
    splits: dict[str, str] = {}
    for start in range(0, len(ordered), len(BLOCK)):
        block = random.permutation(BLOCK)
        splits.update((work.artwork_id, str(split)) for work, split in zip(ordered[start:], block, strict=False))
    return splits


def write(folder: Path, seed: int = SEED) -> dict[str, int]:
    """Put each query's split into a folder's `queries.jsonl`. Returns split → number of queries."""
    splits = assign(load_catalogue(folder), seed)
    file = folder / QUERIES_FILE
    queries = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    for query in queries:
        query["split"] = splits.get(query["artwork_id"], "train")
    ordered = [{key: query[key] for key in ("artwork_id", "kind", "split", "text")} for query in queries]
    write_whole(file, "".join(json.dumps(query, ensure_ascii=False) + "\n" for query in ordered))
    return {split: sum(query["split"] == split for query in queries) for split in dict.fromkeys(BLOCK)}


if __name__ == "__main__":
    print(write(Path(sys.argv[1]) if len(sys.argv) > 1 else config.STARTER))
