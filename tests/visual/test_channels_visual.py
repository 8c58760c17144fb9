"""Collections with pictures: the channels that look, a picture or colours as a question, from a folder to a shelf."""

import json
from dataclasses import replace

import numpy as np
import pytest
from helpers import SEAS, SQUARES, toy_catalogue
from helpers_cli import call, no_model  # noqa: F401 — a fixture
from helpers_seen import WITHOUT, picture_folder, sea, seen_collection, square
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from artrec import artifacts
from artrec.channels import BY_NAME, CHANNELS, DEFAULT_WEIGHTS, NAMES, OF_PICTURES, OF_RECORDS, channels_of
from artrec.channels.palette import apart
from artrec.colour import hexes, lab, names
from artrec.errors import ArtifactError, ArtrecError, QueryError
from artrec.profile import Profile
from artrec.question import Question
from artrec.recommender import Recommender, Request
from artrec.visual import crops, overlays
from artrec.visual.seeing import Sight, colours, see
from artrec.visual.shelf import Shelf
from artrec.visual.shelving import lay_out
from artrec.visual.swatches import matches, names_of


@pytest.fixture(scope="session")
def pictures():
    return picture_folder()


@pytest.fixture(scope="session")
def seen(artrec_home):
    return seen_collection()


@pytest.fixture(scope="session")
def guide(seen, hashing):
    return Recommender(seen, hashing)


def rows_of(collection, ids):
    return np.array(collection.catalogue.rows([i for i in ids if i != WITHOUT]))


# --- channels ---

looking = pytest.mark.parametrize("channel", [*OF_PICTURES, BY_NAME["palette"]], ids=lambda channel: channel.name)


def test_collections_without_pictures_have_the_channels_of_records_alone(toy, seen):
    assert channels_of(toy) == OF_RECORDS and channels_of(seen) == CHANNELS
    assert toy.visual is None and toy.visual_atlas is None


@looking
def test_pictures_alike_lie_near(channel, seen):
    seas, squares = rows_of(seen, SEAS), rows_of(seen, SQUARES)
    near = channel.likeness(np.arange(len(seen)), seas[:1], seen)[:, 0]
    assert near[seas[1:]].min() > near[squares].max()
    known = near[~np.isnan(near)]
    assert near.dtype == np.float32 and ((known >= 0) & (known <= 1)).all()
    assert near[seas[0]] == known.max()


@pytest.mark.parametrize("channel", OF_PICTURES, ids=lambda channel: channel.name)
def test_without_a_picture_a_channel_is_silent(channel, seen):
    row, rows = seen.catalogue.row(WITHOUT), np.arange(len(seen))
    likeness = channel.likeness(rows, rows, seen)
    assert np.isnan(likeness[row]).all() and np.isnan(likeness[:, row]).all()
    assert not np.isnan(np.delete(np.delete(likeness, row, 0), row, 1)).any()
    answer = channel.answer(rows, Question(sight=see(sea(50), seen.visual, seen.shelf.encoder)), seen)
    assert np.isnan(answer[row]) and not np.isnan(np.delete(answer, row)).any()


@looking
def test_a_picture_that_is_shown_finds_its_like(channel, seen):
    shown = see(sea(50), seen.visual, seen.shelf.encoder)
    question, rows = Question(sight=shown), np.arange(len(seen))
    answer = channel.answer(rows, question, seen)
    seas, squares = rows_of(seen, SEAS), rows_of(seen, SQUARES)
    assert answer[seas].min() > answer[squares].max()
    some = np.array([3, 1, 1])
    np.testing.assert_allclose(channel.answer(some, question, seen), answer[some], atol=1e-5)
    said = channel.evidence(int(seas[0]), None, question, seen)
    assert said.strip() and "\n" not in said


@looking
def test_what_is_not_shown_is_not_answered(channel, seen):
    rows = np.arange(len(seen))
    assert channel.answer(rows, Question(), seen) is None
    only_colours = Question(sight=colours([("#112255", 1.0)]))
    assert (channel.answer(rows, only_colours, seen) is None) == (channel.name != "palette")


def test_a_palette_is_measured_or_from_the_record_and_says_so(seen, toy):
    palette, wave, chess = BY_NAME["palette"], seen.catalogue.row("umibe-great-wave"), seen.catalogue.row(WITHOUT)
    storm, circles = seen.catalogue.row("umibe-storm"), seen.catalogue.row("winkel-circles")
    assert "measured in both pictures" in palette.evidence(wave, storm, Question(), seen)
    assert "the other from its record" in palette.evidence(chess, circles, Question(), seen)
    asked = Question(sight=colours([("#c0392b", 1.0)]))
    assert palette.evidence(chess, None, asked, seen) == "its colours come near the ones you chose (from its record)"
    assert "measured in its picture" in palette.evidence(circles, None, asked, seen)
    assert palette.evidence(wave, storm, Question(), toy) == "near in colour"
    np.testing.assert_array_equal(seen.palettes[:, :, chess], toy.palettes[:, :, chess])
    np.testing.assert_array_equal(seen.palettes[:, :, wave].T, seen.visual.palettes[wave])


shares = st.lists(st.floats(0.05, 1), min_size=2, max_size=5)


@given(shares, st.integers(0, 10_000))
def test_distance_of_palettes(weights, seed):
    rng = np.random.default_rng(seed)
    wanted = np.column_stack([rng.uniform((0, -60, -60), (100, 60, 60), (len(weights), 3)), np.array(weights) / sum(weights)])
    wanted = wanted.astype(np.float32)
    planes = rng.uniform(-50, 50, (4, 5, 7)).astype(np.float32)
    planes[3] = 0.2
    found = apart(planes, wanted)
    for n in range(7):  # the definition, colour by colour
        distance = np.linalg.norm(planes[:3, :, n].T[:, None] - wanted[None, :, :3], axis=-1)
        due = (planes[3, :, n] @ distance.min(axis=1) + wanted[:, 3] @ distance.min(axis=0)) / 2
        assert found[n] == pytest.approx(due, rel=1e-4)
    own = np.zeros((4, len(wanted), 1), dtype=np.float32)
    own[:, :, 0] = wanted.T
    assert apart(own, wanted)[0] == pytest.approx(0, abs=1e-4)
    planes[0, 0, 3] = np.nan
    assert np.isnan(apart(planes, wanted)[3])


# --- requests ---


def test_a_picture_alone_is_a_question(guide, seen):
    shown = see(square(60), seen.visual, seen.shelf.encoder)
    response = guide.recommend(Request(sight=shown, n=5))
    assert {r.artwork.artwork_id for r in response.results} <= set(SQUARES)
    for r in response.results:
        assert sum(c.amount for c in r.contributions) == pytest.approx(r.score, abs=1e-9)
        assert sum(s.amount for s in r.shares) == pytest.approx(r.score, abs=1e-6)
        assert {c.channel for c in r.contributions} <= {"palette", "light", "texture", "composition", "visual"}
    assert response.good and 0 <= response.results[-1].relevance <= response.results[0].relevance <= 1


def test_colours_are_a_question_in_any_collection(toy_recommender, guide):
    for recommender in (toy_recommender, guide):
        response = recommender.recommend(Request(sight=colours([("#c0392b", 2), ("#f0c93a", 1)]), n=6))
        assert {r.artwork.artwork_id for r in response.results} == set(SQUARES)
        assert {c.channel for r in response.results for c in r.contributions} == {"palette"}


def test_pictures_and_words_and_likes_add_up(guide, seen):
    shown = see(sea(70), seen.visual, seen.shelf.encoder)
    for request in (
        Request("red squares", sight=shown, n=12),
        Request("calm", Profile(likes=SEAS[:2], dislikes=SQUARES[:1]), 12, sight=shown.with_colours(colours([("#f0c93a", 1)]))),
        Request(profile=Profile(likes=(WITHOUT, SEAS[3])), n=12),
    ):
        for r in guide.recommend(request).results:
            assert sum(c.amount for c in r.contributions) == pytest.approx(r.score, abs=1e-9)
            assert sum(s.amount for s in r.shares) == pytest.approx(r.score, abs=1e-6)


def test_muting_what_looks_leaves_the_rest(guide, toy_recommender):
    profile = Profile(likes=SEAS[:1])
    looked = {channel.name for channel in OF_PICTURES} | {"palette"}
    weights = {name: 0.0 if name in looked else weight for name, weight in DEFAULT_WEIGHTS.items()}
    scores = [
        {r.artwork.artwork_id: r.score for r in recommender.recommend(Request(profile=profile, n=12, weights=weights)).results}
        for recommender in (guide, toy_recommender)
    ]
    assert scores[0] == pytest.approx(scores[1])


def test_words_reach_pictures_where_the_encoder_reads_them(seen, hashing):
    class Reads:
        """Hears "moon" as what the first picture looks like."""

        reads_text = True

        def encode_texts(self, texts):
            return seen.visual.vectors[:1].repeat(len(texts), axis=0)

    shelf = Shelf(len(seen), built=seen.visual)
    shelf.encoder = Reads()
    response = Recommender(replace(seen, shelf=shelf), hashing).search("moon", n=12)
    by_look = {r.artwork.artwork_id: c for r in response.results for c in r.contributions if c.channel == "visual"}
    assert by_look[SEAS[0]].value == max(c.value for c in by_look.values()) > 0
    assert by_look[SEAS[0]].evidence == "its picture looks like your words"
    assert WITHOUT not in by_look
    assert not any(c.channel == "visual" for r in Recommender(seen, hashing).search("moon").results for c in r.contributions)


def test_large_collections_put_pictures_forward(seen, hashing, monkeypatch):
    from artrec import collection, recommender

    monkeypatch.setattr(recommender, "BACKGROUND", 2)
    monkeypatch.setattr(recommender, "RETRIEVED", 2)
    monkeypatch.setattr(collection, "BACKGROUND", 2)
    small = replace(seen)
    response = Recommender(small, hashing).recommend(Request(sight=see(sea(71), seen.visual, seen.shelf.encoder), n=2))
    assert {r.artwork.artwork_id for r in response.results} <= set(SEAS) and len(response.results) == 2


# --- what is shown ---


@pytest.mark.parametrize("chosen", [[], [("#112233", 0)], [(f"#11223{n}", 1) for n in range(6)]])
def test_too_few_or_too_many_colours(chosen):
    with pytest.raises(QueryError, match="colours were given"):
        colours(chosen)


def test_shares_count_against_each_other():
    sight = colours([("#ffffff", 10), ("#000000", 30)])
    np.testing.assert_allclose(sight.palette[:, 3], [0.75, 0.25])
    np.testing.assert_allclose(sight.palette[:, 0], [0, 100], atol=0.1)
    assert sight.chosen


def test_without_a_collections_pictures_the_colours_alone_are_read():
    sight = see(square(1), None)
    assert sight.features is None and sight.vector is None and sight.palette.shape == (5, 4)
    mixed = sight.with_colours(colours([("#123456", 1)]))
    assert mixed.chosen and len(mixed.palette) == 1 and mixed.picture is sight.picture
    assert sight.with_colours(None) is sight


def test_an_encoder_of_other_pictures_gives_no_vector(seen):
    class Foreign:
        fingerprint = "another"

    assert see(sea(3), seen.visual, Foreign()).vector is None


# --- colours, overlays, crops ---


@given(st.lists(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), min_size=1, max_size=6))
def test_hex_to_lab_and_back(chosen):
    assert hexes(lab(chosen)) == chosen


def test_matching_swatches():
    one = colours([("#c0392b", 5), ("#f0c93a", 4), ("#101010", 1)]).palette
    other = colours([("#c23a2d", 6), ("#2f5fa8", 4)]).palette
    found = matches(one, other)
    assert [m.colour for m in found] == ["#c0392b", "#f0c93a", "#101010"]
    assert found[0].other == "#c23a2d" and found[0].near and not found[1].near
    assert names_of(one, other) == names(lab(["#c0392b"]))
    assert names_of(one, colours([("#2f5fa8", 1)]).palette) == []


def test_the_weight_lies_where_something_stands_out():
    picture = np.full((80, 120, 3), 230, dtype=np.uint8)
    picture[50:70, 90:110] = (180, 20, 20)
    at = overlays.balance(picture)
    assert at.x > 0.3 and at.y > 0.2
    assert overlays.balance_words(at) == "What stands out lies below and right of the middle: the picture leans that way."
    light = overlays.saliency(picture)
    assert light.shape == (80, 120) and light[60, 100] > 0.99 and light[10, 10] < 0.1
    shown = overlays.spotlight(picture, light)
    assert np.abs(shown[60, 100].astype(int) - picture[60, 100]).max() <= 2 and shown[10, 10].max() < 120


def test_nothing_stands_out_of_an_even_field():
    plain = np.full((60, 60, 3), 128, dtype=np.uint8)
    assert not overlays.saliency(plain).any()
    at = overlays.balance(plain)
    assert abs(at.x) < 0.01 and abs(at.y) < 0.01 and "evenly" in overlays.balance_words(at)
    assert (overlays.edges(plain) == overlays.PAPER.astype(np.uint8)).all()


def test_edges_are_ink_on_paper():
    picture = np.zeros((60, 80, 3), dtype=np.uint8)
    picture[:, 40:] = 255
    drawn = overlays.edges(picture)
    assert drawn.shape == picture.shape and drawn.dtype == np.uint8
    assert drawn[30, 40].max() < 60 and drawn[30, 5].min() > 220
    assert overlays.balance_drawn(picture, overlays.Balance(0.5, -0.5)).shape == (120, 160, 3)


def test_the_two_parts_that_match_hold_the_same_thing():
    rng = np.random.default_rng(0)
    motif = np.kron(rng.integers(0, 255, (8, 8, 3)), np.ones((6, 6, 1))).astype(np.uint8)
    one, other = np.full((140, 140, 3), (20, 60, 20), np.uint8), np.full((140, 180, 3), (220, 200, 240), np.uint8)
    one[90:138, 90:138], other[:48, 130:178] = motif, motif
    pair = crops.best_pair(one, other)
    assert pair.one.left >= 70 and pair.one.top >= 70
    assert pair.other.left >= 90 and pair.other.top <= 40
    assert pair.one.of(one).shape == (pair.one.side, pair.one.side, 3)
    same = crops.best_pair(one, one)
    assert same.one == same.other and same.difference == 0


# --- building and opening ---


def test_a_collection_with_pictures_comes_back_from_its_folder(seen, tmp_path, hashing):
    artifacts.save(seen, tmp_path / "seen")
    again = artifacts.load(tmp_path / "seen")
    assert again.shelf is not None and "visual" not in vars(again.shelf)  # opened when it is asked for
    np.testing.assert_array_equal(again.visual.has, seen.visual.has)
    np.testing.assert_array_equal(again.visual_atlas.coordinates, seen.visual_atlas.coordinates)
    assert np.isnan(again.visual_atlas.coordinates[again.catalogue.row(WITHOUT)]).all()
    assert again.manifest["pictures"]["works"] == 11
    request = Request(profile=Profile(likes=SEAS[:1]), n=5)
    scores = [[r.score for r in Recommender(c, hashing).recommend(request).results] for c in (seen, again)]
    assert scores[0] == pytest.approx(scores[1], abs=1e-6)
    assert again.shelf.thumbnail(SEAS[0]).is_file() and again.shelf.thumbnail(WITHOUT) is None
    picture = again.shelf.picture(SEAS[0])  # even bands at its edge count as a frame
    assert picture.dtype == np.uint8 and picture.shape[1:] == (120, 3)


def test_damaged_pictures_are_one_sentence(seen, tmp_path):
    folder = tmp_path / "seen"
    artifacts.save(seen, folder)
    (folder / "pictures" / "vectors.npy").write_bytes(b"nothing")
    with pytest.raises(ArtifactError, match="damaged"):
        _ = artifacts.load(folder).visual
    (folder / "pictures" / "map.npz").write_bytes(b"nothing")
    with pytest.raises(ArtifactError, match="damaged"):
        _ = artifacts.load(folder).visual_atlas


def test_a_picture_that_has_gone_is_no_picture(seen, tmp_path, hashing):
    moved = {artwork_id: tmp_path / file.name for artwork_id, file in seen.visual.files.items()}
    built = replace(seen, shelf=Shelf(len(seen), built=replace(seen.visual, files=moved)))
    assert built.shelf.picture(SEAS[0]) is None and built.shelf.thumbnail(SEAS[0]) is None
    assert built.visual_atlas is None
    assert Recommender(built, hashing).similar(SEAS[0]).results


def test_the_map_by_looks_holds_what_has_a_picture(seen):
    few = np.flatnonzero(seen.visual.has)[:5]  # principal components lay out so few
    has = np.isin(np.arange(len(seen)), few)
    layout = lay_out(replace(seen.visual, has=has))
    np.testing.assert_array_equal(np.isnan(layout.coordinates).any(axis=1), ~has)
    np.testing.assert_array_equal(np.isnan(layout.trust), ~has)
    assert np.abs(layout.coordinates[has]).max() <= 1 + 1e-6


def test_no_picture_of_these_works(tmp_path, hashing):
    Image.fromarray(sea(1)).save(tmp_path / "somebody-elses.png")
    with pytest.raises(ArtrecError, match="belongs to a work"):
        artifacts.build(toy_catalogue(), hashing, pictures=tmp_path)
    with pytest.raises(ArtrecError):
        artifacts.build(toy_catalogue(), hashing, pictures=tmp_path / "nowhere")


def test_the_command_line_builds_with_pictures(pictures, tmp_path, capsys):
    few = [work for work in toy_catalogue() if work.artwork_id in SEAS[:4] + SQUARES[:3]]  # too few for UMAP, which is slow
    lines = "\n".join(work.model_dump_json(exclude_defaults=True) for work in few)
    (tmp_path / "works.jsonl").write_text(lines)
    (tmp_path / "bad").mkdir()
    for file in pictures.iterdir():
        (tmp_path / "bad" / file.name).write_bytes(file.read_bytes() if SEAS[0] not in file.name else b"not a picture")
    code, out, err = call(
        capsys, "build", str(tmp_path / "works.jsonl"), "--out", str(tmp_path / "out"), "--pictures", str(tmp_path / "bad")
    )
    assert code == 0 and "6 with pictures" in out
    assert f"no picture for {SEAS[0]}" in err
    code, _, err = call(
        capsys, "build", str(tmp_path / "works.jsonl"), "--out", str(tmp_path / "out2"), "--pictures", str(tmp_path / "none")
    )
    assert code == 2 and "There is no folder" in err and not (tmp_path / "out2").exists()


def test_the_command_line_searches_by_picture_and_colours(seen, pictures, tmp_path, ask, capsys):
    def first(*arguments):
        code, out, err = ask("search", "--json", "-n", "3", *arguments, collection=tmp_path / "seen")
        return code, [r["artwork_id"] for r in json.loads(out)["results"]] if code == 0 else err

    artifacts.save(seen, tmp_path / "seen")
    code, found = first("--picture", str(pictures / "nobody.png"))
    assert code == 0 and set(found) <= set(SQUARES)
    code, found = first("--colours", "1f3a93:60,#e8f0f5")
    assert code == 0 and set(found) <= set(SEAS)
    for wrong, said in (
        (("--colours", "blue"), "'blue' is not a colour"), (("--colours", "1f3a93:0"), "colours were given"),
        (("--picture", str(tmp_path / "none.png")), "is not a file"), ((), "Give either"),
        (("--picture", "x.png", "--queries", "y.txt"), "Give either"),
    ):  # fmt: skip
        code, err = first(*wrong)
        assert code == 2 and said in err and err.count("\n") == 1


def test_every_channel_has_a_name_and_a_weight():
    assert {"light", "texture", "composition", "visual"} == {channel.name for channel in OF_PICTURES}
    assert set(DEFAULT_WEIGHTS) == set(NAMES)
    assert Sight().palette is None
