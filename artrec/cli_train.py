"""`python -m artrec train …` and `evaluate encoders`: long work, its progress on stderr, what it made on stdout."""

import json
import sys
from dataclasses import replace
from pathlib import Path

from artrec import config
from artrec.errors import ArtrecError
from artrec.files import write_json, write_whole


def train(options) -> int:
    """Adapt the encoder to a museum's words, search for settings, train adapter or heads, or write the model card."""
    from artrec.training.card import card

    out = options.out or config.ADAPTER
    steps = {"adapt": _adapt, "search": _search, "encoder": _encoder, "heads": _heads}
    try:
        if options.what == "card":
            write_whole(out / "README.md", card(out))
            made = {"card": str(out / "README.md")}
        else:
            made = steps[options.what](options, out)
    except OSError as error:
        raise ArtrecError(
            f"{out} cannot be written ({error.strerror or error}).", "Choose another folder with --out."
        ) from error
    print(json.dumps(made, ensure_ascii=False, indent=1))
    return 0


def _encoder(options, out: Path) -> dict:
    from artrec.training import run
    from artrec.training.contrastive import Settings

    wanted = {name: getattr(options, name) for name in ("passes", "batch", "learning_rate", "seed")}
    wanted |= {"adapted": options.adapted or None, "memory": options.memory or None}
    settings = replace(Settings(), **{k: v for k, v in wanted.items() if v is not None})
    told = [a for at, a in enumerate(sys.argv[1:]) if "--out" not in (a, sys.argv[at])]  # where to says nothing of what
    command = " ".join(["python -m artrec", *(Path(a).name if "/" in a else a for a in told)])
    return run.train_encoder(out, options.museum, settings, command, start=options.start)


def _adapt(options, out: Path) -> dict:
    from artrec.training import run
    from artrec.training.adaptation import adapt

    if options.museum is None:
        raise ArtrecError("There is nothing to read.", "Give a museum's records with --museum FILE.")
    material = run.collect(config.STARTER, options.museum, 0)
    return adapt([text.description for text in material.museum["train"]], run.adapted_folder(material))


def _search(options, out: Path) -> dict:
    from artrec.training import run
    from artrec.training.contrastive import Settings
    from artrec.training.search import search

    return search(run.collect(config.STARTER, options.museum, Settings().seed, run.NOTES), out, options.variant or None)


def _heads(options, out: Path) -> dict:
    from artrec.training import run

    return run.train_all_heads(out)


def evaluate_encoders(options) -> int:
    """The base encoder against the adapter, on everything; `--out` keeps the document."""
    from artrec.encoder import EncoderConfig, load_encoder
    from artrec.evaluation.encoders import evaluate_encoders as measure

    adapter = config.ADAPTER
    if not (adapter / "adapter_config.json").exists():
        raise ArtrecError(f"There is no adapter in {adapter}.", "Run `python -m artrec train encoder` first.")
    encoders = {"base": load_encoder(EncoderConfig()), "tuned": load_encoder(EncoderConfig(adapter=str(adapter)))}
    return _keep(measure(encoders, options.queries or config.STARTER, options.museum), options.out)


def evaluate_backends(options) -> int:
    """The ways to run the encoder on this machine, in speed and fidelity; `--out` keeps the document."""
    from artrec.evaluation.backends import compare_backends

    return _keep(compare_backends(folder=options.queries or config.STARTER), options.out)


def _keep(document: dict, out: Path | None) -> int:
    try:
        if out:
            write_json(out, document)
    except OSError as error:
        raise ArtrecError(f"{out} cannot be written ({error.strerror or error}).", "Choose another --out.") from error
    print(json.dumps(document, ensure_ascii=False, indent=1))
    return 0
