import argparse
import json
from pathlib import Path

import pytest
from helpers_community import circles

from artrec import cli_recommend_eval
from artrec.errors import ArtrecError


@pytest.fixture
def folder(tmp_path) -> Path:
    data = circles()
    lines = [f"p{u},{100 + w},{t:.0f}" for u, w, t in zip(data.users, data.works, data.times, strict=True)]
    (tmp_path / "likes.csv").write_text("user_id,work_id,timestamp\n" + "\n".join(lines) + "\np1,999,5\n")
    works = [f"{100 + row},Work {row},{('Ana', 'Bo')[row // 10]}" for row in range(20)]
    (tmp_path / "works.csv").write_text("work_id,title,artist\n" + "\n".join(works) + "\n")
    return tmp_path


@pytest.fixture(autouse=True)
def without_encoder(monkeypatch):
    monkeypatch.setattr(cli_recommend_eval, "_vectors", lambda catalogue: None)


def call(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    cli_recommend_eval.add(parser)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--collection", type=Path)
    return cli_recommend_eval.run(parser.parse_args(arguments))


def test_one_json_document_on_stdout_and_notes_on_stderr(folder, capsys):
    arguments = ["--ratings", str(folder / "likes.csv"), "--catalogue", str(folder / "works.csv")]
    assert call(*arguments, "--algorithms", "ease,same-artist,text", "--json", "--out", str(folder / "report.json")) == 0
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert report == json.loads((folder / "report.json").read_text())
    assert report["protocol"] == "leave-last-out" and report["data"]["left_out"] == {"not a work of the catalogue": 1}
    assert "text" in report["not_applicable"] and "1 line left out" in err and "999" in err
    assert report["command"].startswith("python -m artrec evaluate recommend --ratings") and not report["data"]["simulated"]


def test_a_table_for_people(folder, capsys):
    assert call("--ratings", str(folder / "likes.csv"), "--algorithms", "random,ease", "--protocol", "cold-users") == 0
    out = capsys.readouterr().out
    assert "168 likes of 24 people" not in out and "169 likes of 24 people on 21 works" in out
    assert out.index("ease") < out.index("random") and "by known works" in out


def test_simulated_people_are_called_so(tmp_path, capsys):
    lines = [f"simulated-{u},{w}" for u in range(4) for w in range(6)]
    (tmp_path / "likes.csv").write_text("user_id,work_id\n" + "\n".join(lines) + "\n")
    assert call("--ratings", str(tmp_path / "likes.csv"), "--algorithms", "popularity") == 0
    assert "24 simulated likes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no ratings to measure on"),
        (["--ratings", "likes.csv", "--protocol", "guess"], "'guess' is no protocol"),
        (["--ratings", "likes.csv", "--algorithms", "magic"], "'magic' is no algorithm"),
        (["--ratings", "likes.csv", "--algorithms", ""], "No algorithm is named"),
        (["--ratings", "likes.csv", "--seed", "-1"], "below 0"),
        (["--ratings", "likes.csv", "--scale", "x"], "not a scale"),
        (["--ratings", "none.csv"], "cannot be read"),
        (["--ratings", "likes.csv", "--catalogue", "none.csv"], "cannot be read"),
        (["--ratings", "likes.csv", "--algorithms", "random", "--out", "no/where.json"], "cannot be written"),
    ],
)
def test_bad_input_is_one_clear_line(folder, monkeypatch, arguments, said):
    monkeypatch.chdir(folder)
    with pytest.raises(ArtrecError, match=said) as error:
        call(*arguments)
    assert "\n" not in str(error.value)
