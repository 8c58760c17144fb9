"""`python -m artrec train …`: from the records to what ships in `assets/encoder`, with a manifest of how it was made."""

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from artrec import config
from artrec.catalogue import Catalogue, load_catalogue
from artrec.encoder import ADAPTER_FILES, EncoderConfig, fingerprint, load_encoder
from artrec.errors import ArtrecError
from artrec.evaluation.queries import VisitorQuery, load_queries
from artrec.files import write_json, write_whole
from artrec.heads import save_heads
from artrec.text import passage
from artrec.training.contrastive import TRAINING, Settings, dense_score, train
from artrec.training.heads import train_heads
from artrec.training.pairs import Pair, attribute_pairs, museum_pairs, read_museum, title_pairs, visitor_pairs

NOTES = config.ROOT / "data" / "notes" / "notes.jsonl"
MANIFEST = "manifest.json"
MUSEUM_EACH = 2  # sets of keywords drawn from each museum record


def collect(catalogue: Catalogue, queries: tuple[VisitorQuery, ...], museum: Path | None, seed: int) -> list[Pair]:
    """All training pairs. Works of the validation and test splits are on neither side."""
    works = {query.artwork_id for query in queries if query.split == "train"}
    pairs = visitor_pairs(catalogue, queries, "train")
    pairs += attribute_pairs(catalogue, works, seed) + title_pairs(catalogue, works, seed)
    return pairs + (museum_pairs(read_museum(museum, "train"), seed, MUSEUM_EACH) if museum else [])


def train_encoder(out: Path, museum: Path | None, settings: Settings, command: str, folder: Path = config.STARTER) -> dict:
    """Train the adapter and put it into `out` when all is done; returns its manifest.

    The work lies in `ARTREC_HOME`, in a folder of its own for these pairs and settings: what is in `out` stays usable until
    the end, and the same command goes on where it was stopped.
    """
    catalogue = load_catalogue(folder)
    queries = load_queries(folder, catalogue)
    if not queries:
        raise ArtrecError(f"There are no queries in {folder}.", "Give a folder with queries.jsonl.")
    pairs = collect(catalogue, queries, museum, settings.seed)
    held = [query for query in queries if query.split == "validation"]
    passages = [passage(work) for work in catalogue]
    asked = [(query.text, query.artwork_id) for query in held]
    asked += [(catalogue[catalogue.row(i)].title, i) for i in dict.fromkeys(query.artwork_id for query in held)]
    texts, answers = [text for text, _ in asked], [catalogue.row(artwork_id) for _, artwork_id in asked]
    data = digest(f"{pair.query}\t{pair.passage}" for pair in pairs)
    workshop = config.home() / "training" / digest([data, json.dumps(asdict(settings))])[:16]
    history = train(pairs, lambda model: dense_score(model, passages, texts, answers), workshop, settings)
    manifest = {
        "base": fingerprint(EncoderConfig()),
        "catalogue": catalogue.hash,
        "pairs": len(pairs),
        "data": data,
        "train_works": digest(sorted({pair.work for pair in pairs})),
        "test_works": digest(sorted({query.artwork_id for query in queries if query.split == "test"})),
        "command": command,
        "settings": asdict(settings),
        "validation": max(epoch["validation"] for epoch in history["epochs"]),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name in (*ADAPTER_FILES, TRAINING):
        write_whole(out / name, (workshop / name).read_bytes())
    write_json(out / MANIFEST, manifest)
    shutil.rmtree(workshop, ignore_errors=True)
    return manifest


def train_all_heads(out: Path, folder: Path = config.STARTER) -> dict:
    """Train the heads on the encoder with the adapter in `out`, and write them beside it; returns their test figures."""
    catalogue = load_catalogue(folder)
    splits = {query.artwork_id: query.split for query in load_queries(folder, catalogue)}
    encoder = load_encoder(EncoderConfig(adapter=str(out)))
    heads, figures = train_heads(catalogue, splits, encoder, NOTES if NOTES.exists() else None)
    save_heads(heads, out, encoder.fingerprint, figures)
    return figures


def digest(lines: Iterable[str]) -> str:
    """SHA-256 over lines of text."""
    total = hashlib.sha256()
    for line in lines:
        total.update(line.encode() + b"\n")
    return total.hexdigest()
