"""`check` and `evaluate`: what is wrong, what is doubtful, how well queries find works."""

import json

from helpers_cli import BROKEN, GOOD, call, no_model, refused, write  # noqa: F401 — a fixture among them


def test_check_lists_every_problem(capsys, tmp_path):
    records = write(tmp_path / "records", BROKEN)
    code, out, err = call(capsys, "check", records)
    assert code == 1
    lines = out.splitlines()
    assert [line.split(",")[1].strip() for line in lines] == [
        "line 2",
        "line 3",
        "line 4",
        "line 5",
        "line 6",
        "line 7",
        "line 7",
    ]
    assert "did you mean 'title'?" in out and "already used by works.jsonl, line 1" in out
    assert err == "artrec: 7 errors.\n"
    code, out, _ = call(capsys, "check", records, "--json")
    assert code == 1 and json.loads(out) == {"errors": lines}


def test_check_of_sound_records(capsys, tmp_path, built):
    code, out, _ = call(capsys, "check", write(tmp_path / "records", (GOOD % "a") + (GOOD % "b")), "--json")
    health = json.loads(out)
    assert code == 0 and health["errors"] == [] and health["works"] == 2
    assert {f["kind"] for f in health["findings"]} == {"gap", "duplicate"}
    code, out, err = call(capsys, "check", built)
    assert (code, err) == (0, "")
    assert out.startswith("12 works, 2 artists or cultures.\n") and "✗" not in out


def test_check_of_nothing(capsys, tmp_path):
    refused(call(capsys, "check", tmp_path / "none"), "no catalogue")


def test_check_of_the_starter(capsys):
    code, out, _ = call(capsys, "check")
    assert code == 0 and "✗" not in out and out.count("✓") == 11
    assert "0 things to look at." in out and "0 phrases" in out


def test_check_fails_on_a_broken_query_and_a_missed_goal(capsys, tmp_path):
    records = write(tmp_path / "records", (GOOD % "a") + (GOOD % "b").replace("A title", "Another"))
    (records / "queries.jsonl").write_text('{"artwork_id": "c", "kind": "sight", "split": "train", "text": "boats"}\n', "utf-8")
    (records / "goals.json").write_text('{"at_least": {"works": 3}, "best_known": ["mona-lisa"]}', "utf-8")
    (records / "visitors.csv").write_text("visitor_id,artwork_id,rating\ns,a,9\n", "utf-8")
    code, out, err = call(capsys, "check", records)
    assert code == 1 and err == "artrec: 4 errors.\n"
    assert "no artwork has the id 'c'" in out and "Works is 2, wanted ≥ 3" in out and "a rating from 1 to 5" in out
    assert "Best-known works missing is 1" in out
    code, out, _ = call(capsys, "check", records, "--json")
    assert code == 1 and len(json.loads(out)["errors"]) == 4 and json.loads(out)["works"] == 2


# --- evaluate ---


def test_evaluate_measures_the_sets_asked_for(ask, capsys, tmp_path):
    lines = [
        {"artwork_id": "umibe-fisher", "kind": "sight", "split": "test", "text": "one man waits on grey water with a net"},
        {"artwork_id": "winkel-chess", "kind": "theme", "split": "train", "text": "a game board with pawns"},
    ]
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    (tmp_path / "open_queries.jsonl").write_text(json.dumps({"text": "boats", "relevance": {"umibe-storm": 3}}), "utf-8")
    code, out, err = ask("evaluate", "retrieval", "--queries", str(tmp_path), "--json")
    report = json.loads(out)
    assert (code, err) == (0, "") and set(report["sets"]) == {"test", "open"}
    for found in report["sets"].values():
        assert found["queries"] == 1 and set(found["methods"]) == {"lexical", "dense", "fused"}
        for measures in found["methods"].values():
            assert all(0 <= value["low"] <= value["mean"] <= value["high"] <= 1 for value in measures.values())
    code, out, _ = ask("evaluate", "retrieval", "--queries", str(tmp_path), "--sets", "train")
    assert code == 0 and "train: 1 queries" in out and "fused − dense" in out


def test_evaluate_refuses_what_it_cannot_measure(ask, tmp_path):
    refused(ask("evaluate", "retrieval", "--queries", str(tmp_path)), "no queries")
    refused(ask("evaluate", "retrieval", "--sets", "exam"), "--sets 'exam'", "test, open")
    refused(ask("evaluate", "taste"), "invalid choice")
