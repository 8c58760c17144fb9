"""`python -m artrec train …`: from the records to what ships in `assets/encoder`, with a manifest of how it was made."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from artrec import config
from artrec.catalogue import Catalogue, load_catalogue
from artrec.encoder import EncoderConfig, fingerprint, load_encoder
from artrec.errors import ArtrecError
from artrec.evaluation.queries import VisitorQuery, load_queries
from artrec.heads import save_heads
from artrec.text import passage
from artrec.training.contrastive import Settings, dense_score, train
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
    """Train the adapter into `out`; returns its manifest."""
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
    (out / MANIFEST).unlink(missing_ok=True)
    history = train(pairs, lambda model: dense_score(model, passages, texts, answers), out, settings)
    manifest = {
        "base": fingerprint(EncoderConfig()),
        "catalogue": catalogue.hash,
        "pairs": len(pairs),
        "data": digest(f"{pair.query}\t{pair.passage}" for pair in pairs),
        "train_works": digest(sorted({pair.work for pair in pairs})),
        "test_works": digest(sorted({query.artwork_id for query in queries if query.split == "test"})),
        "command": command,
        "settings": asdict(settings),
        "validation": max(epoch["validation"] for epoch in history["epochs"]),
    }
    write_json(out / MANIFEST, manifest)
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


def write_json(file: Path, document: dict) -> None:
    """Write JSON, whole or not at all."""
    part = file.with_name(file.name + ".part")
    part.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    os.replace(part, file)
