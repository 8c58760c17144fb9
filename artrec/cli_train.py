"""`python -m artrec train …` and `evaluate encoders`: long work, its progress on stderr, what it made on stdout."""

import json
import sys
from dataclasses import replace
from pathlib import Path

from artrec import config
from artrec.errors import ArtrecError


def train(options) -> int:
    """Train the encoder's adapter, its heads, or write the model card."""
    from artrec.files import write_whole
    from artrec.training import run
    from artrec.training.card import card
    from artrec.training.contrastive import Settings

    out = options.out or config.ADAPTER
    try:
        if options.what == "encoder":
            chosen = {
                "epochs": options.epochs,
                "batch": options.batch,
                "learning_rate": options.learning_rate,
                "seed": options.seed,
            }
            settings = replace(Settings(), **{k: v for k, v in chosen.items() if v is not None})
            command = " ".join(["python -m artrec", *(Path(a).name if "/" in a else a for a in sys.argv[1:])])
            made = run.train_encoder(out, options.museum, settings, command)
        elif options.what == "heads":
            made = run.train_all_heads(out)
        else:
            write_whole(out / "README.md", card(out))
            made = {"card": str(out / "README.md")}
    except OSError as error:
        raise ArtrecError(
            f"{out} cannot be written ({error.strerror or error}).", "Choose another folder with --out."
        ) from error
    print(json.dumps(made, ensure_ascii=False, indent=1))
    return 0


def evaluate_encoders(options) -> int:
    """The base encoder against the adapter, on everything; `--out` keeps the document."""
    from artrec.encoder import EncoderConfig, load_encoder
    from artrec.evaluation.encoders import evaluate_encoders as measure
    from artrec.files import write_json

    adapter = config.ADAPTER
    if not (adapter / "adapter_config.json").exists():
        raise ArtrecError(f"There is no adapter in {adapter}.", "Run `python -m artrec train encoder` first.")
    encoders = {"base": load_encoder(EncoderConfig()), "tuned": load_encoder(EncoderConfig(adapter=str(adapter)))}
    document = measure(encoders, options.queries or config.STARTER, options.museum)
    try:
        if options.out:
            write_json(options.out, document)
    except OSError as error:
        raise ArtrecError(f"{options.out} cannot be written ({error.strerror or error}).", "Choose another --out.") from error
    print(json.dumps(document, ensure_ascii=False, indent=1))
    return 0
