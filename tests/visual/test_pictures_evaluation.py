import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from helpers_cli import call
from helpers_visual import IMAGES, encoded, noise, stripes
from sklearn.metrics import f1_score

from artrec import cli_pictures
from artrec.errors import ArtrecError
from artrec.visual.evaluation import bad_pictures, figure, tell_apart
from artrec.visual.evaluation.baselines import colour_histogram
from artrec.visual.evaluation.labelled import labelled
from artrec.visual.evaluation.speed import palette_search, reading


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("styles")
    for style, upright, colour in (("upright", True, (200, 60, 40)), ("level", False, (40, 80, 200))):
        (root / style).mkdir()
        for n in range(6):
            (root / style / f"{n}.png").write_bytes(encoded(stripes(n + 50 * upright, upright, 32, colour)))
    (root / "few").mkdir()
    (root / "few" / "0.png").write_bytes(encoded(noise()))
    return root


def test_styles_are_folders_with_enough_pictures(folder):
    data = labelled(folder)
    assert Counter(data.styles.tolist()) == {"level": 6, "upright": 6} and data.left_out == 0
    few = labelled(folder, most=10)
    assert Counter(few.styles.tolist()) == {"level": 5, "upright": 5} and few.left_out == 2
    assert few.files == labelled(folder, most=10).files


def test_folds_are_stratified_and_measure_each_picture_once(folder):
    folds = labelled(folder).folds()
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(12))
    assert all(not set(train) & set(test) for train, test in folds)


def test_no_styles_are_one_sentence(tmp_path):
    for place, word in ((tmp_path / "absent", "no folder"), (tmp_path, "two styles")):
        with pytest.raises(ArtrecError, match=word):
            labelled(place)


def test_two_styles_that_differ_are_told_apart(folder):
    answers = tell_apart.tell_apart(labelled(folder))
    found = tell_apart.report(answers)
    assert found["styles"][tell_apart.OURS]["macro_f1"] == 1
    assert found["confusion"] == {"styles": ["level", "upright"], "table": [[6, 0], [0, 6]]}
    assert found["neighbours"][tell_apart.TAUGHT]["precision@5"] > 0.8


def test_macro_f1_is_the_library_s():
    random = np.random.default_rng(0)
    truth, said = random.integers(0, 4, 200).astype(str), random.integers(0, 4, 200).astype(str)
    assert tell_apart.macro_f1(truth, said)[0] == pytest.approx(f1_score(truth, said, average="macro"))
    draws = random.multinomial(200, np.full(200, 1 / 200), size=3)
    rows = [np.repeat(np.arange(200), row) for row in draws]
    expected = [f1_score(truth[row], said[row], average="macro") for row in rows]
    assert tell_apart.macro_f1(truth, said, draws) == pytest.approx(expected)


def test_the_vote_of_neighbours_goes_to_the_commonest_then_the_nearest():
    rows = np.array([["a", "b", "b", "c", "a"], ["c", "b", "b", "b", "c"], ["c", "a", "b", "d", "e"]])
    assert tell_apart._vote(rows).tolist() == ["a", "b", "c"]


def test_a_histogram_counts_every_pixel_once():
    found = colour_histogram(noise())
    assert found.shape == (512,) and found.sum() == pytest.approx(1) and found.min() >= 0


def test_the_figure_shows_every_count():
    shown = figure.confusion(["art_nouveau", "baroque"], [[3, 1], [0, 4]], "t")
    assert [list(row) for row in shown.data[0].text] == [[3, 1], [0, 4]] and shown.data[0].y == ("art nouveau", "baroque")
    assert list(shown.data[0].z[0]) == [0.75, 0.25]


def test_bad_pictures_are_many_and_always_the_same():
    names, data = zip(*bad_pictures.bad_pictures(), strict=True)
    assert len(names) >= 200 and len(set(names)) == len(names)
    assert [hash(d) for d in data] == [hash(d) for _, d in bad_pictures.bad_pictures()]


def test_no_bad_picture_crashes_hangs_or_takes_much_memory():
    outcome = bad_pictures.try_all()
    assert outcome["tried"] >= 200 and outcome["refused"] + outcome["read"] == outcome["tried"]
    assert outcome["crashed"] == outcome["hung"] == outcome["raised"] == []
    assert outcome["within_memory"], outcome["peak_mb"]


def test_speeds_are_measured_on_as_many_as_asked_for(folder):
    found = reading(labelled(folder).files, 15, processes=1)
    assert found["pictures"] == 15 and found["bad"] == 0 and found["pictures_per_second"] > 0
    searched = palette_search(works=500, queries=6, n=5)
    assert searched["works"] == 500 and 0 < searched["median_ms"] <= searched["p95_ms"]


def test_the_command_prints_one_document_and_a_figure(folder, capsys, tmp_path):
    out = tmp_path / "confusion.html"
    code, printed, _ = call(
        capsys, "evaluate", "pictures", "--images", str(folder), "--parts", "styles", "--json", "--figure", str(out)
    )
    found = json.loads(printed)
    assert code == 0 and found["pictures"] == 12 and "gains" in found and out.read_text("utf-8").startswith("<!doctype html>")
    assert f"macro-F1 {found['styles'][tell_apart.OURS]['macro_f1']:.3f}" in out.read_text("utf-8")
    cli_pictures._table(found)
    printed = capsys.readouterr().out
    assert "macro-F1" in printed and "precision@5" in printed and "level" in printed


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ([], "no pictures to measure"),
        (["--images", "/absent"], "no folder"),
        (["--parts", "nonsense"], "Choose from"),
        (["--parts", "fusion"], "--collection"),
        (["--parts", "styles"], "--images"),
    ],
)
def test_bad_options_are_one_sentence(given, word, capsys):
    code, printed, said = call(capsys, "evaluate", "pictures", *given)
    assert code == 2 and printed == "" and word in said and said.count("\n") == 1


@pytest.mark.skipif(not Path(IMAGES).is_dir(), reason="the pictures of shared/data are not here")
def test_real_pictures_lose_their_bars():
    from artrec.visual.loading import load

    files = sorted(Path(IMAGES).glob("*/*.jpg"))[::35]
    shapes = [load(file).shape for file in files]
    assert sum(shape[:2] != (224, 224) for shape in shapes) >= 0.9 * len(files)
    assert all(min(shape[:2]) >= 40 for shape in shapes)
