"""The command line as its users meet it: JSON on stdout, one line on stderr, exit codes 0, 1 and 2."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import SEAS, SQUARES, WORKS, HashingEncoder, catalogue_of
from helpers_cli import BROKEN, GOOD, call, no_model, refused, write  # noqa: F401 — a fixture among them

import artrec.encoder
from artrec import artifacts, config
from artrec.channels import NAMES

RESULT = ["rank", "artwork_id", "title", "artist", "year", "score", "relevance", "contributions"]
FEW = catalogue_of(*WORKS[:3], *WORKS[6:9])


# --- the contract ---


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "blue boats on the sea -storm"), ("search", "浮世绘"), ("search", "type:print"), ("similar", SEAS[0]),
        ("recommend", "--like", SEAS[0], "--like", SQUARES[0], "--dislike", SQUARES[1], "--query", "calm"),
        ("recommend", "--dislike", SEAS[0]), ("recommend", "--query", "red", "--diversity", "0.5"),
    ],
)  # fmt: skip
def test_the_json_contract(ask, arguments):
    code, out, err = ask(*arguments, "--json", "-n", "4")
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert {"query", "results", "encoder", "collection", "elapsed_ms"} <= set(document)
    assert (document["encoder"], document["collection"]) == ("hashing", "toy")
    assert document["elapsed_ms"] > 0
    assert 0 < len(document["results"]) <= 4
    for place, result in enumerate(document["results"], start=1):
        assert list(result) == RESULT
        assert result["rank"] == place
        assert isinstance(result["year"], int) and isinstance(result["score"], float)
        assert sum(c["amount"] for c in result["contributions"]) == pytest.approx(result["score"], abs=1e-9)
        for contribution in result["contributions"]:
            assert {"channel", "amount", "evidence"} <= set(contribution)
            assert contribution["channel"] in NAMES and isinstance(contribution["evidence"], str)
    scores = [result["score"] for result in document["results"]]
    assert scores == sorted(scores, reverse=True) or "--diversity" in arguments


def test_json_keeps_letters_as_they_are(ask):
    _, out, _ = ask("search", "浮世绘", "--json")
    assert json.loads(out)["query"] == "浮世绘"
    assert "浮世绘" in out


def test_what_was_liked_does_not_come_back(ask):
    _, out, _ = ask("recommend", "--like", SEAS[0], "--dislike", SQUARES[0], "-n", "50", "--json")
    found = [r["artwork_id"] for r in json.loads(out)["results"]]
    assert len(found) == 10 and not {SEAS[0], SQUARES[0]} & set(found)


def test_for_people(ask):
    code, out, err = ask("search", "storm waves", "-n", "2")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "  1  Storm off the Cape (Hanako Umibe, 1829)  [umibe-storm]"
    assert "stronger than" in out and "Because" in out
    assert len(out.splitlines()) == 4


def test_notes_go_to_stderr_and_json_stays_whole(ask):
    code, out, err = ask("search", "artist:nobody sea", "--json")
    assert code == 0
    assert "nobody" in err and err.startswith("artrec: ")
    assert json.loads(out)["notes"] == [err.removeprefix("artrec: ").strip()]


def test_no_good_match_is_said(ask):
    code, out, _ = ask("search", "zzyzx qwpo")
    assert code == 0 and out.startswith("No good match.")
    assert json.loads(ask("search", "zzyzx qwpo", "--json")[1])["good_match"] is False


def test_a_query_that_begins_with_a_minus(ask):
    code, out, _ = ask("search", "--json", "--", "-boats")
    assert code == 0 and json.loads(out)["query"] == "-boats"
    code, out, _ = ask("recommend", "--json", "--query=-boats")
    assert code == 0 and json.loads(out)["results"]


# --- many queries ---


def test_many_queries_one_document_a_line(ask, tmp_path):
    file = tmp_path / "queries.txt"
    file.write_text("blue sea\n\nafter:1900 before:1800\n" + "x" * 5_000 + "\n海部花子\n...\nred circles\n", "utf-8")
    code, out, err = ask("search", "--queries", str(file), "-n", "3")
    assert (code, err) == (0, "")
    documents = [json.loads(line) for line in out.splitlines()]
    assert [d["query"][:8] for d in documents] == ["blue sea", "after:19", "xxxxxxxx", "海部花子", "...", "red circ"]
    assert ["error" in d for d in documents] == [False, True, True, False, True, False]
    assert all(bool(d["results"]) != ("error" in d) for d in documents)
    assert "1900" in documents[1]["error"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00bad", "folder"])
def test_queries_that_cannot_be_read(ask, tmp_path, content):
    file = tmp_path / "queries.txt"
    if content == "folder":
        file.mkdir()
    elif content:
        file.write_bytes(content)
    refused(ask("search", "--queries", str(file)), "queries.txt", "UTF-8")


def test_an_empty_file_of_queries(ask, tmp_path):
    (tmp_path / "none.txt").write_text("\n \n")
    assert ask("search", "--queries", str(tmp_path / "none.txt")) == (0, "", "")


def test_a_query_or_a_file_of_them(ask, tmp_path):
    refused(ask("search"), "--queries")
    refused(ask("search", "sea", "--queries", str(tmp_path / "q")), "--queries")


# --- bad input ---


@pytest.mark.parametrize("command", [("search",), ("recommend", "--query")])
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", ("asked",)), ("   ", ("asked",)), ("...", ("empty",)), ("x" * 10_000, ("10,000", "1,000")),
        ("after:1900 before:1800", ("1900", "1800")), ("sea\nafter:1900\nbefore:1901", ("1900",)),
    ],
)  # fmt: skip
def test_queries_that_cannot_be_asked(ask, command, query, words):
    refused(ask(*command, query), *words)
    refused(ask(*command, query, "--json"), *words)


@pytest.mark.parametrize(
    "arguments", [("similar", "umibe-strom"), ("recommend", "--like", "umibe-strom"), ("recommend", "--dislike", "umibe-strom")]
)
def test_unknown_ids(ask, arguments):
    refused(ask(*arguments), "'umibe-strom'", "umibe-storm")


@pytest.mark.parametrize("unknown", ["", "x" * 9_999, "../../etc/passwd", "a\nb", "'; drop table"])
def test_hostile_ids(ask, unknown):
    refused(ask("similar", unknown))
    refused(ask("recommend", f"--like={unknown}"))


def test_nothing_asked(ask):
    refused(ask("recommend"), "Nothing was asked")


@pytest.mark.parametrize("n", ["0", "-3", "ten", "1001", "3.5", "", "1e3", "9" * 400])
def test_bad_numbers_of_results(ask, n):
    refused(ask("search", "sea", f"-n={n}" if n.startswith("-") else "-n", *(() if n.startswith("-") else (n,))), "1 to 1000")


@pytest.mark.parametrize("diversity", ["-0.1", "1.1", "much", "nan", "inf"])
def test_bad_diversity(ask, diversity):
    refused(ask("search", "sea", f"--diversity={diversity}"), "0 to 1")


@pytest.mark.parametrize(
    "arguments", [(), ("paint",), ("search", "a", "b\nc"), ("similar",), ("build",), ("search", "--nope", "a")]
)
def test_misspelt_commands(capsys, arguments):
    refused(call(capsys, *arguments), "--help")


def test_a_missing_collection(ask, tmp_path, monkeypatch):
    refused(ask("search", "sea", collection=tmp_path / "none"), "no built collection", "artrec build")
    monkeypatch.setenv("ARTREC_COLLECTION", str(tmp_path / "elsewhere"))
    refused(ask("similar", SEAS[0], collection=None), "elsewhere")


def test_a_collection_of_another_model(ask, monkeypatch):
    class Other(HashingEncoder):
        name, fingerprint = "other", "another-fingerprint"

    monkeypatch.setattr(artrec.encoder, "load_encoder", lambda chosen=None: Other())
    refused(ask("search", "sea"), "another model", "ARTREC_MODEL")
    assert ask("similar", SEAS[0])[0] == 0  # likes need no encoder


# --- build and check ---


def test_build_then_search(capsys, tmp_path):
    records = write(tmp_path / "records", "".join(w.model_dump_json() + "\n" for w in FEW))
    code, out, err = call(capsys, "build", records, "--out", tmp_path / "made", "--json")
    assert code == 0
    assert json.loads(out)["works"] == 6 and json.loads(out)["name"] == "made"
    assert "Traceback" not in err
    code, out, _ = call(capsys, "search", "red square", "--collection", tmp_path / "made", "--json")
    assert code == 0 and json.loads(out)["results"][0]["artwork_id"] == "winkel-red-square"
    code, out, _ = call(capsys, "build", records, "--out", tmp_path / "made", "--name", "Twice")
    assert code == 0 and "6 works" in out
    assert artifacts.load(tmp_path / "made").name == "Twice"
    assert sorted(os.listdir(tmp_path)) == ["made", "records"]


def test_build_from_broken_records(capsys, tmp_path):
    records = write(tmp_path / "records", BROKEN)
    refused(call(capsys, "build", records, "--out", tmp_path / "made"), "works.jsonl, line 2", "artrec check", "7 problems")
    refused(call(capsys, "build", tmp_path / "none", "--out", tmp_path / "made"), "no catalogue")
    refused(call(capsys, "build", write(tmp_path / "empty", "\n\n"), "--out", tmp_path / "made"), "no records")
    assert not (tmp_path / "made").exists()


def test_build_into_a_foreign_folder(capsys, tmp_path, monkeypatch):
    """It is refused before the work begins, not after."""

    def never(chosen=None):
        raise AssertionError("encoded for nothing")

    monkeypatch.setattr(artrec.encoder, "load_encoder", never)
    records, thesis = write(tmp_path / "records", GOOD % "a"), tmp_path / "thesis"
    thesis.mkdir()
    (thesis / "chapter.txt").write_text("years of work")
    refused(call(capsys, "build", records, "--out", thesis), "other files", "--out")
    refused(call(capsys, "build", records, "--out", records), "other files")
    refused(call(capsys, "build", records, "--out", thesis / "chapter.txt"), "chapter.txt")
    assert os.listdir(thesis) == ["chapter.txt"]


# --- the app ---


@pytest.fixture
def launched(monkeypatch, tmp_path):
    """What would have been executed; the working folder comes back afterwards."""
    monkeypatch.chdir(tmp_path)
    commands = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: commands.append((program, arguments, os.getcwd())))
    return commands


def test_a_port_in_use(capsys, launched):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(call(capsys, "app", "--port", port), f"Port {port}", f"PORT={min(port, 65000) + 1}")
    assert launched == []


@pytest.mark.parametrize("port", ["-1", "70000", "99999999999", "http"])
def test_a_port_that_is_none(capsys, launched, port):
    refused(call(capsys, "app", f"--port={port}"))
    assert launched == []


def test_a_free_port_opens_the_app(capsys, launched):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert call(capsys, "app", "--port", port, "--headless") == (0, "", "")
    ((program, arguments, folder),) = launched
    assert program == sys.executable
    assert arguments[1:4] == ["-m", "streamlit", "run"] and Path(arguments[4]) == config.ROOT / "app.py"
    assert {f"--server.port={port}", "--server.headless=true"} <= set(arguments)
    assert Path(folder) == config.ROOT


# --- as a process ---


def process(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "artrec", *arguments],
        cwd=config.ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def test_the_starter_answers_a_process(encoder):
    done = process("search", "a storm at sea, but hopeful", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document["results"][0]["artwork_id"] == "aivazovsky-ninth-wave"
    assert document["good_match"] is True
    for result in document["results"]:
        assert sum(c["amount"] for c in result["contributions"]) == pytest.approx(result["score"], abs=1e-9)


def test_a_process_that_cannot_answer():
    done = process("similar", "aivazovsky-nineth-wave")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and "aivazovsky-ninth-wave" in done.stderr
