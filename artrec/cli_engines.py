"""`python -m artrec publish …` and `shards …`: a collection put into a database, and passages encoded on many machines."""

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path

from artrec import config
from artrec.errors import ArtrecError

DATABASE = "ARTREC_DATABASE"  # an address kept out of the list of processes


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Give the command line its `publish` and `shards`. `command`: (name, run, help) → its parser."""
    put = command("publish", publish, "Put a built collection into PostgreSQL with pgvector, for several apps to read.")
    put.add_argument("folder", type=Path, metavar="DIR", help="a built collection")
    put.add_argument("address", nargs="?", metavar="ADDRESS", help=f"postgresql://user@host:5432/name (default: ${DATABASE})")
    put.add_argument(
        "--reader", action="append", default=[], metavar="USER", help="a database user who may read it; repeatable"
    )
    shards = command("shards", shard, "Encode a catalogue on many machines: write, then encode, then collect.")
    shards.add_argument("what", choices=["write", "encode", "collect"])
    shards.add_argument("path", type=Path, metavar="PATH", help="write: a catalogue; encode, collect: the folder of shards")
    shards.add_argument("--out", type=Path, metavar="DIR", help="write: the folder for the shards; all machines must see it")
    shards.add_argument("--size", type=_size, default=None, metavar="N", help="write: passages a shard")
    shards.add_argument("--scheduler", metavar="ADDRESS", help="encode: of a Dask scheduler, such as tcp://10.0.0.5:8786")
    shards.add_argument(
        "--workers", type=_size, default=1, metavar="N", help="encode: processes on this machine instead (default 1)"
    )


def _size(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"'{text[:20]}' is not a number from 1 to 1000000")
    return int(text)


def publish(options: argparse.Namespace) -> int:
    """The command `publish`."""
    from artrec.artifacts import open_collection
    from artrec.cli_import import Bars
    from artrec.engines.database import masked
    from artrec.engines.publish import publish as put

    address = options.address or os.environ.get(DATABASE, "")
    if not config.is_address(address):
        raise ArtrecError(
            "There is no address of a database.", f"Give postgresql://user@host:5432/name, or set {DATABASE} to it."
        )
    collection, bars = open_collection(options.folder), Bars()
    try:
        edition = put(collection, address, readers=options.reader, progress=bars)
    finally:
        bars.close()
    about = {"edition": edition, "works": len(collection), "database": masked(address)}
    if options.json:
        print(json.dumps(about, indent=1))
    else:
        print(f"Published {len(collection):,} works as edition {edition} in {about['database']}.")
    return 0


def shard(options: argparse.Namespace) -> int:
    """The command `shards`."""
    made = {"write": _write, "encode": _encode, "collect": _collect}[options.what](options)
    said = made.pop("said")
    print(json.dumps(made, indent=1) if options.json else said)
    return 0


def _write(options: argparse.Namespace) -> dict:
    from artrec.catalogue import load_catalogue
    from artrec.distributed import SHARD, write_shards
    from artrec.text import passage

    if options.out is None:
        raise ArtrecError("There is no folder for the shards.", "Give one with --out DIR.")
    catalogue = load_catalogue(options.path)
    made = write_shards(((work.artwork_id, passage(work)) for work in catalogue), options.out, options.size or SHARD)
    said = f"Wrote {len(made['shards']):,} shards of {len(catalogue):,} passages to {options.out}."
    return {"shards": len(made["shards"]), "passages": len(catalogue), "said": said}


def _encode(options: argparse.Namespace) -> dict:
    from artrec.cli_import import Bars
    from artrec.distributed import encode_shards
    from artrec.encoder import load_encoder

    bars = Bars()
    try:
        made = encode_shards(options.path, load_encoder, _fingerprint(), options.scheduler or options.workers, bars)
    finally:
        bars.close()
    return made | {"said": f"Encoded {made['encoded']:,} shards in {made['seconds']:.0f} s; {made['kept']:,} were there."}


def _collect(options: argparse.Namespace) -> dict:
    from artrec.distributed import Encoded, encoded
    from artrec.vectors import encode_cached

    count, fingerprint = 0, _fingerprint()
    for passages, vectors in encoded(options.path, fingerprint):
        encode_cached(Encoded(passages, vectors, fingerprint), passages)
        count += len(passages)
    said = f"Took {count:,} vectors into {config.home() / 'vectors'}; `build` and `import` find them there."
    return {"vectors": count, "said": said}


def _fingerprint() -> str:
    from artrec.encoder import EncoderConfig, fingerprint

    return fingerprint(EncoderConfig.from_environment())
