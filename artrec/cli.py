"""python -m artrec …: what people, scripts and benchmarks use. JSON and tables go to stdout, everything else to stderr."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from artrec import (
    cli_community,
    cli_download,
    cli_engines,
    cli_look,
    cli_pictures,
    cli_recommend_eval,
    config,
)
from artrec.errors import ArtrecError


class _Parser(argparse.ArgumentParser):
    """argparse's errors in one line, with the way to help."""

    def error(self, message: str):
        self.exit(2, f"artrec: {' '.join(message.split())}. See `{self.prog} --help`.\n")


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000:
        raise argparse.ArgumentTypeError(f"'{text[:20]}' is not a number from 1 to 1000")
    return int(text)


def _texts(text: str) -> int:
    if not text.isdecimal() or not 100 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"'{text[:20]}' is not a number from 100 to 1000000")
    return int(text)


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"'{text[:20]}' is not a number from 0 to 1")
    return value


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = _Parser(prog="python -m artrec", description="Find art, and see why.")
    commands = top.add_subparsers(dest="command", required=True, parser_class=_Parser, metavar="COMMAND")

    def command(name: str, run, help_: str, *, asks: bool = False) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_, description=help_)
        sub.set_defaults(run=run)
        sub.add_argument("--json", action="store_true", help="print one JSON document to stdout")
        if asks:
            sub.add_argument("-n", type=_count, default=10, help="number of results (default 10)")
            sub.add_argument("--diversity", type=_share, default=0.0, help="0 (default): by score; 1: as unlike as can be")
            sub.add_argument(
                "--collection", type=config.place, metavar="DIR", help="a built collection (default: the one in use)"
            )
        return sub

    search = command("search", _search, "Find works by a query (see README for the query language).", asks=True)
    search.add_argument("query", nargs="?", metavar="QUERY")
    search.add_argument("--queries", type=Path, metavar="FILE", help="one query a line; prints one JSON document a line")
    cli_look.add(search)
    recommend = command("recommend", _recommend, "Recommend from likes, dislikes and an optional query.", asks=True)
    recommend.add_argument("--like", action="append", default=[], metavar="ID")
    recommend.add_argument("--dislike", action="append", default=[], metavar="ID")
    recommend.add_argument("--query", default="", metavar="TEXT")
    similar = command("similar", _similar, "The works most like one.", asks=True)
    similar.add_argument("artwork_id", metavar="ID")
    read = command("read", _read, "Read movement, moods, subjects, sentiment and keywords out of any text.")
    read.add_argument("text", metavar="TEXT")
    topics = command("topics", _topics, "What a built collection is about.")
    topics.add_argument("--collection", type=config.place, metavar="DIR", help="a built collection (default: the one in use)")
    build = command("build", _build, "Build a collection from a catalogue in ArtRec's own schema.")
    build.add_argument("catalogue", type=Path, metavar="CATALOGUE", help="a .jsonl file or a folder of them")
    build.add_argument("--out", type=Path, required=True, metavar="DIR")
    build.add_argument("--name", help="what the collection is called (default: the folder's name)")
    build.add_argument("--fresh", action="store_true", help="lay out the map and link the index anew")
    build.add_argument("--pictures", type=Path, metavar="DIR", help="a folder of the works' pictures, named by their ids")
    bring = command("import", _import, "Build a collection from a museum's open data or anybody's table.")
    bring.add_argument("format", metavar="FORMAT", help="walters, cmoa, tate, artic, met, moma, nga, …; 'auto' finds it out")
    bring.add_argument("path", type=Path, metavar="PATH", help="a file, or a folder, as the format wants it")
    bring.add_argument("--and", nargs=2, action="append", default=[], metavar=("FORMAT", "PATH"), dest="more",
                       help="another source for the same collection; may be repeated")  # fmt: skip
    bring.add_argument("--map", default="", metavar="FIELD=COLUMN,…", help="tables: which column fills which field")
    bring.add_argument("--out", type=Path, required=True, metavar="DIR")
    bring.add_argument("--name", help="what the collection is called (default: the folder's name)")
    bring.add_argument("--progress", type=Path, metavar="FILE", help="write the progress there as JSON as well")
    bring.add_argument("--fresh", action="store_true", help="lay out the map and link the index anew")
    bring.add_argument("--pictures", type=Path, metavar="DIR", help="a folder of the works' pictures, named by their ids")
    bring.add_argument("--no-build", action="store_true", help="write the catalogue and the report alone")
    cli_download.add(command)
    check = command("check", _check, "Check a catalogue; exit 1 where records break the schema or miss a goal.")
    check.add_argument("folder", nargs="?", type=Path, default=config.STARTER, metavar="DIR")
    evaluate = command(
        "evaluate", _evaluate, "Measure how well queries find works, encoders, backends, recommenders and pictures."
    )
    evaluate.add_argument(
        "what", choices=["retrieval", "encoders", "backends", "recommend", "pictures"], help="what to measure"
    )
    cli_recommend_eval.add(evaluate)
    cli_pictures.add(evaluate)
    evaluate.add_argument(
        "--museum", type=Path, metavar="FILE", help="encoders: the Walters' records, for works never trained on"
    )
    evaluate.add_argument(
        "--out", type=Path, metavar="FILE", help="encoders, backends, recommend, pictures: keep the document here too"
    )
    evaluate.add_argument("--collection", type=config.place, metavar="DIR", help="a built collection (default: the one in use)")
    evaluate.add_argument("--queries", type=Path, metavar="DIR", help="folder with queries.jsonl and open_queries.jsonl")
    evaluate.add_argument("--sets", default="test,open", help="train, validation, test, open (default test,open)")
    train = command("train", _train, "Train the encoder's adapter and heads (needs no GPU; about 25 minutes on two cores).")
    train.add_argument("what", choices=["adapt", "search", "encoder", "heads", "card"], help="what to make; in this order")
    train.add_argument("--museum", type=Path, metavar="FILE", help="the Walters' records to learn from as well")
    train.add_argument("--out", type=Path, metavar="DIR", help="where to (default: assets/encoder, which is in use)")
    train.add_argument("--adapted", action="store_true", help="encoder: begin with what `train adapt` made")
    train.add_argument("--start", type=Path, metavar="DIR", help="encoder: begin with an adapter that was trained before")
    train.add_argument("--memory", action="store_true", help="encoder: passages of earlier batches are negatives too")
    train.add_argument("--variant", action="append", metavar="NAME", help="search: try this one alone")
    train.add_argument("--passes", type=_count)
    train.add_argument("--batch", type=_count)
    train.add_argument("--learning-rate", type=float)
    train.add_argument("--seed", type=int)
    command("prepare", _prepare, "Export the encoder into the cache, once; `make` does this at set-up.")
    bench = command("bench", _bench, "Measure speed, recall and memory on this machine.")
    bench.add_argument("--collection", type=config.place, metavar="DIR")
    bench.add_argument("--sizes", help="synthetic collections to measure, works (default 10000,100000; more for --growth)")
    bench.add_argument("--growth", action="store_true", help="how building and searching grow instead, with memory by stage")
    bench.add_argument("--chart", action="store_true", help="growth: print a Mermaid chart, for a README")
    bench.add_argument(
        "--encode", nargs="?", const=10_240, type=_texts, metavar="TEXTS", help="the rate of encoding by tenths instead"
    )
    bench.add_argument("--app", action="store_true", help="measure the app in a browser instead (needs chromium)")
    cli_engines.add(command)
    cli_community.add(command)
    app = command("app", _app, "Open the app in a browser.")
    app.add_argument("--port", type=int, default=8501)
    app.add_argument("--headless", action="store_true", help="do not open a browser")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0, 1 where `check` found errors, 2 where the input is bad."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="artrec: %(message)s")
    options = parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except ArtrecError as error:
        print(f"artrec: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as `head`, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("artrec: stopped.", file=sys.stderr)
        return 130


def _recommender(folder: Path | None):
    from artrec.artifacts import open_collection
    from artrec.encoder import LazyEncoder, load_encoder
    from artrec.recommender import Recommender

    collection = open_collection(folder)
    return Recommender(collection, LazyEncoder(load_encoder, collection.manifest["encoder"]["fingerprint"]))


def _search(options) -> int:
    looks = options.picture is not None or options.colours is not None
    if (options.query is not None or looks) == (options.queries is not None):
        raise ArtrecError("Give either a query or --queries FILE.", "For example: python -m artrec search 'a storm at sea'.")
    recommender = _recommender(options.collection)
    if options.queries is None:
        sight = cli_look.sight_of(options, recommender.collection) if looks else None
        response = recommender.search(options.query or "", options.n, diversity=options.diversity, sight=sight)
        _show(response, recommender, options.json)
        return 0
    try:
        lines = options.queries.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ArtrecError(
            f"{options.queries} cannot be read ({error}).", "Give a UTF-8 text file, one query a line."
        ) from error
    for line in filter(str.strip, lines):
        try:
            answer = as_document(recommender.search(line, options.n, diversity=options.diversity), recommender)
        except ArtrecError as error:
            answer = {"query": line, "error": str(error), "results": []}
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    return 0


def _recommend(options) -> int:
    from artrec.profile import Profile
    from artrec.recommender import Request

    recommender = _recommender(options.collection)
    profile = Profile(tuple(options.like), tuple(options.dislike))
    _show(
        recommender.recommend(Request(options.query, profile, options.n, diversity=options.diversity)),
        recommender,
        options.json,
    )
    return 0


def _similar(options) -> int:
    recommender = _recommender(options.collection)
    _show(recommender.similar(options.artwork_id, options.n, diversity=options.diversity), recommender, options.json)
    return 0


def as_document(response, recommender) -> dict:
    """A response as the JSON document of the command-line contract. The amounts of a result sum to its score."""
    return {
        "query": response.request.query,
        "good_match": response.good,
        "notes": list(response.notes),
        "results": [
            {
                "rank": r.rank,
                "artwork_id": r.artwork.artwork_id,
                "title": r.artwork.title,
                "artist": r.artwork.artist,
                "year": r.artwork.year,
                "score": r.score,
                "relevance": r.relevance,
                "contributions": [
                    {"channel": c.channel, "amount": c.amount, "evidence": c.evidence, "source": c.source or "query"}
                    for c in r.contributions
                ],
            }
            for r in response.results
        ],
        "encoder": recommender.collection.manifest["encoder"]["name"],
        "collection": recommender.collection.name,
        "elapsed_ms": round(response.elapsed_ms, 3),
    }


def _show(response, recommender, as_json: bool) -> None:
    from artrec.explanation import sentence
    from artrec.relevance import NO_MATCH, phrase

    for note in response.notes:
        print(f"artrec: {note}", file=sys.stderr)
    if as_json:
        print(json.dumps(as_document(response, recommender), ensure_ascii=False, indent=1))
        return
    if not response.good:
        print("No good match. The nearest there are:\n")
    for r in response.results:
        by = ", ".join(part for part in (r.artwork.artist or r.artwork.culture, r.artwork.when) if part)
        print(f"{r.rank:3d}  {r.artwork.title} ({by})  [{r.artwork.artwork_id}]")
        print(
            f"     {r.score:.3f}, {phrase(r.relevance) if response.good else NO_MATCH}. {sentence(r, recommender.collection)}"
        )


def _read(options) -> int:
    from artrec.cli_read import read

    return read(options.text, options.json)


def _topics(options) -> int:
    from artrec.cli_topics import topics

    return topics(options.collection, options.json)


def _build(options) -> int:
    from artrec.cli_import import build

    return build(options)


def _import(options) -> int:
    from artrec.cli_import import bring_in

    return bring_in(options)


def _check(options) -> int:
    from artrec.cli_check import check

    return check(options.folder, options.json)


def _train(options) -> int:
    from artrec.cli_train import train

    return train(options)


def _evaluate(options) -> int:
    if options.what == "recommend":
        return cli_recommend_eval.run(options)
    if options.what == "pictures":
        return cli_pictures.run(options)
    if options.what != "retrieval":
        from artrec import cli_train

        return cli_train.evaluate_encoders(options) if options.what == "encoders" else cli_train.evaluate_backends(options)
    from artrec.cli_evaluate import evaluate_retrieval, sets_of

    return evaluate_retrieval(_recommender(options.collection), options.queries, sets_of(options.sets), options.json)


def _prepare(options) -> int:
    from artrec.encoder import EncoderConfig
    from artrec.encoder_export import export

    folder = export(EncoderConfig.from_environment())
    if options.json:
        print((folder / "manifest.json").read_text("utf-8"))
    else:
        print(f"The encoder is ready in {folder}.")
    return 0


def _bench(options) -> int:
    if options.app:
        from artrec.evaluation.bench_app import run_app

        print(json.dumps(run_app(), indent=1))
        return 0
    if options.encode:
        from artrec.artifacts import open_collection
        from artrec.encoder import load_encoder
        from artrec.evaluation.encode_rate import measure

        print(json.dumps(measure(open_collection(options.collection).catalogue, load_encoder(), options.encode), indent=1))
        return 0
    from artrec.evaluation.bench import print_table, run

    given = [size.strip() for size in (options.sizes or "").split(",") if size.strip()]
    if not all(size.isdecimal() and int(size) >= 1_000 for size in given):
        raise ArtrecError(
            f"--sizes '{options.sizes[:60]}' is not a list of sizes.", "Give whole numbers of 1000 and more: 10000,100000."
        )
    sizes = [int(size) for size in given]
    if options.growth:
        from artrec.evaluation import growth

        grown = growth.run(sizes or growth.SIZES)
        print(growth.chart(grown) if options.chart else json.dumps(grown, indent=1))
        return 0
    figures = run(options.collection, sizes if options.sizes is not None else [10_000, 100_000])
    if options.json:
        print(json.dumps(figures, indent=1))
    else:
        print_table(figures)
    return 0


def _app(options) -> int:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", options.port))
        except (OSError, OverflowError) as error:
            raise ArtrecError(
                f"Port {options.port} cannot be used ({getattr(error, 'strerror', None) or error}).",
                f"Stop the program that uses it, or choose another: make app PORT={min(options.port, 65000) + 1}.",
            ) from error
    command = [sys.executable, "-m", "streamlit", "run", str(config.ROOT / "app.py"), f"--server.port={options.port}"]
    os.chdir(config.ROOT)  # Streamlit reads .streamlit/ from the folder it starts in
    os.execv(sys.executable, [*command, *(["--server.headless=true"] if options.headless else [])])
