"""`python -m artrec train …`: from the records to what ships in `assets/encoder`, with a manifest of how it was made."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from artrec import config
from artrec.catalogue import Catalogue, load_catalogue
from artrec.channels import DEFAULT_WEIGHTS
from artrec.channels.text import standing
from artrec.encoder import ADAPTER_FILES, EncoderConfig, fingerprint, load_encoder
from artrec.errors import ArtrecError
from artrec.evaluation.queries import load_queries, load_training_queries
from artrec.files import write_json, write_whole
from artrec.heads import save_heads
from artrec.lexical import Lexical, tokens
from artrec.text import passage
from artrec.training import pairs as sources
from artrec.training.batches import pools_of, rows_of
from artrec.training.contrastive import TRAINING, Settings, cosines, known_item, train
from artrec.training.heads import train_heads
from artrec.training.notes import note_rows, read_notes
from artrec.training.pairs import MuseumText, Pair
from artrec.training.strength import choose_strength
from artrec.vectors import encode_cached

NOTES = config.ROOT / "data" / "notes" / "notes.jsonl"
MANIFEST = "manifest.json"
RECIPE = (
    "pairs of a query and a passage; other right answers in a batch are left out; batches of notes with their sentiment between"
)
MUSEUM_EACH = 8  # sets of keywords drawn from each museum record


@dataclass(frozen=True)
class Material:
    """Everything that a run learns from and is chosen by. Works of the validation and test splits are in no pair."""

    catalogue: Catalogue
    pairs: list[Pair]
    museum: dict[str, list[MuseumText]]  # by split; empty without a museum
    notes: list[dict]
    held: list[tuple[str, str]]  # validation: (text, artwork_id)
    works: dict[str, set[str]]  # of the collection, by split

    @property
    def terms(self) -> dict[str, frozenset[str]]:
        """What each work that is learnt from has, so that a query's other right answers are known."""
        named = {work.artwork_id: sources.terms_of(work) for work in self.catalogue}
        return named | {t.work: frozenset(k.lower() for k in t.keywords) for t in self.museum.get("train", ())}

    @property
    def hash(self) -> str:
        """SHA-256 of all that is learnt from."""
        lines = [f"{pair.query}\t{pair.passage}" for pair in self.pairs]
        return digest(lines + [json.dumps(note, sort_keys=True) for note in self.notes if note["split"] == "train"])


def collect(folder: Path, museum: Path | None, seed: int, notes: Path | None = None) -> Material:
    """Read a folder's records and queries, a museum's records and the visitors' notes."""
    catalogue = load_catalogue(folder)
    queries = load_queries(folder, catalogue)
    if not queries:
        raise ArtrecError(f"There are no queries in {folder}.", "Give a folder with queries.jsonl.")
    works = {split: {q.artwork_id for q in queries if q.split == split} for split in ("train", "validation", "test")}
    train_works = works["train"]
    texts = {split: sources.read_museum(museum, split) for split in ("train", "validation")} if museum else {}
    pairs = sources.visitor_pairs(catalogue, (*queries, *load_training_queries(folder, catalogue)), train_works)
    pairs += sources.attribute_pairs(catalogue, train_works, seed) + sources.title_pairs(catalogue, train_works)
    pairs += sources.movement_pairs(catalogue, train_works, seed)
    pairs += sources.museum_pairs(texts.get("train", []), seed, MUSEUM_EACH)
    held = [(query.text, query.artwork_id) for query in queries if query.split == "validation"]
    return Material(catalogue, pairs, texts, read_notes(notes) if notes else [], held, works)


def validation(material: Material) -> Callable[[object], dict[str, float]]:
    """sentence-transformers model → nDCG@10 on the validation split: visitors' "queries" and "titles" by meaning alone, the
    same queries with words beside ("fused"), the "museum" where there is one, and "score", the mean over the first three
    kinds, which decides."""
    catalogue = material.catalogue
    passages = [passage(work) for work in catalogue]
    titles = [(catalogue[catalogue.row(i)].title, i) for i in dict.fromkeys(i for _, i in material.held)]
    asked = [*material.held, *titles]
    texts, answers = [text for text, _ in asked], [catalogue.row(i) for _, i in asked]
    museum = material.museum.get("validation", [])
    keywords = [pair.query for pair in sources.museum_pairs(museum, seed=1)]

    lexical = Lexical.build(catalogue)
    words = np.stack([lexical.scores(lexical.query_tokens(text)) for text, _ in material.held])

    def validate(model) -> dict[str, float]:
        found = cosines(model, passages, texts)
        split = len(material.held)
        meaning = standing(found[:split].T, found[:split].T).T
        fused = known_item(DEFAULT_WEIGHTS["text"] * meaning + DEFAULT_WEIGHTS["words"] * words, answers[:split])
        values = np.concatenate([known_item(found, answers), fused])
        scores = {"score": values.mean(), "queries": values[:split].mean(), "titles": values[split : -len(fused)].mean()}
        scores["fused"] = fused.mean()
        if museum:
            asked_of = cosines(model, [t.description for t in museum], keywords)
            scores["museum"] = known_item(asked_of, range(len(museum))).mean()
        return {name: float(value) for name, value in scores.items()}

    return validate


def run(material: Material, settings: Settings, out: Path, start: Path | None = None) -> dict:
    """One training run into `out`; returns its history. The base encoder guides what stands together in a batch."""
    passages = [pool.passage for pool in pools_of(material.pairs).values()]
    guide = encode_cached(load_encoder(EncoderConfig()), passages)
    rows, size = rows_of(
        material.pairs, material.terms, np.asarray(guide), passes=settings.passes, columns=settings.columns,
        group=settings.group, museum_share=settings.museum_share, seed=settings.seed, apart=settings.apart,
        museum_columns=settings.museum_columns,
    )  # fmt: skip
    count = round(len(rows) * settings.notes_share) if settings.notes_share else 0
    notes = note_rows(material.notes, count, settings.seed)
    lexical = Lexical.of([tokens(text) for text in passages])
    return train(
        rows, size, notes, validation(material), out, settings, start=start,
        words=lambda query: lexical.scores(lexical.query_tokens(query)),
    )  # fmt: skip


def train_encoder(
    out: Path,
    museum: Path | None,
    settings: Settings,
    command: str,
    folder: Path = config.STARTER,
    start: Path | None = None,
) -> dict:
    """Train the adapter and put it into `out` when all is done; returns its manifest. `start`: the folder of an adapter that
    was trained before, to begin with; the manifest keeps how that one was made under "before".

    The work lies in `ARTREC_HOME`, in a folder of its own for this material and settings: what is in `out` stays usable
    until the end, and the same command goes on where it was stopped.
    """
    material = collect(folder, museum, settings.seed, NOTES if NOTES.exists() else None)
    if settings.adapted:
        start = adapted_folder(material)
    if start is not None and not (start / ADAPTER_FILES[0]).exists():
        cure = "Run `train adapt` with the same --museum first." if settings.adapted else "Give what `train encoder` made."
        raise ArtrecError("There is no adapter to begin with.", cure)
    before = [(start / ADAPTER_FILES[1]).read_bytes().hex()] if start is not None and not settings.adapted else []
    workshop = workshop_of(material.hash, asdict(settings), *before)
    run(material, settings, workshop, start)
    chosen = choose_strength(workshop, validation(material), settings.max_tokens)
    best = max(chosen["tried"], key=lambda each: each["score"])
    manifest = {
        "base": fingerprint(EncoderConfig()),
        "catalogue": material.catalogue.hash,
        "pairs": len(material.pairs),
        "kinds": {kind: sum(p.kind == kind for p in material.pairs) for kind in dict.fromkeys(p.kind for p in material.pairs)},
        "notes": sum(note["split"] == "train" for note in material.notes),
        "data": material.hash,
        "train_works": digest(sorted({pair.work for pair in material.pairs})),
        "test_works": digest(sorted(material.works["test"])),
        "command": command,
        "recipe": RECIPE,
        "settings": asdict(settings),
        "validation": best["score"],
        "strengths": chosen,
    }
    if before:
        manifest["before"] = json.loads((start / MANIFEST).read_text("utf-8"))
    out.mkdir(parents=True, exist_ok=True)
    for name in (*ADAPTER_FILES, TRAINING):
        write_whole(out / name, (workshop / name).read_bytes())
    write_json(out / MANIFEST, manifest)
    shutil.rmtree(workshop, ignore_errors=True)
    return manifest


def workshop_of(*what) -> Path:
    """The folder where a run with this material and these settings works."""
    return config.home() / "training" / digest(json.dumps(part, sort_keys=True) for part in what)[:16]


def adapted_folder(material: Material) -> Path:
    """Where `train adapt` keeps what it made of this museum's texts."""
    return config.home() / "adapted" / digest(text.description for text in material.museum.get("train", []))[:16]


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
