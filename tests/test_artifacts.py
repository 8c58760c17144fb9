"""A collection's folder: whole or not there, checked when read, and never able to run anything."""

import json
import os
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from helpers import SEAS, WORKS, CountingEncoder, HashingEncoder, catalogue_of, toy_catalogue
from helpers_ranking import ids, large_collection

from artrec import artifacts, config, parts, staging
from artrec.catalogue import Artwork, load_catalogue
from artrec.errors import ArtifactError, CatalogueError
from artrec.index import HNSW_FILE, HnswIndex
from artrec.lexical import Lexical
from artrec.profile import Profile
from artrec.recommender import Recommender, Request
from artrec.text import passage

FEW = catalogue_of(*WORKS[:4], *WORKS[6:9])  # few enough to be laid out without umap


@pytest.fixture(scope="module")
def small():
    return artifacts.build(FEW, HashingEncoder(), name="small")


@pytest.fixture
def folder(small, tmp_path):
    artifacts.save(small, tmp_path / "made")
    return tmp_path / "made"


def refusal(folder, **more) -> str:
    with pytest.raises(ArtifactError) as caught:
        artifacts.load(folder, **more)
    assert caught.value.cure.startswith("Build")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def edit(folder, **changes) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | changes), "utf-8")


# --- there and back ---


def test_what_is_loaded_answers_as_what_was_saved(small, folder):
    loaded = artifacts.load(folder)
    kept = {name: value for name, value in loaded.manifest.items() if name != "records"}
    assert (loaded.name, kept) == (small.name, json.loads(json.dumps(small.manifest)))
    assert tuple(loaded.catalogue) == small.catalogue.works
    assert loaded.catalogue.vocabulary == small.catalogue.vocabulary
    np.testing.assert_array_equal(loaded.vectors, small.vectors)
    np.testing.assert_array_equal(loaded.atlas.coordinates, small.atlas.coordinates)
    np.testing.assert_array_equal(loaded.atlas.trust, small.atlas.trust)
    assert loaded.atlas.regions == small.atlas.regions
    assert [(t.name, t.rows.tolist()) for t in loaded.topics] == [(t.name, t.rows.tolist()) for t in small.topics]
    assert loaded.topic_of.tolist() == small.topic_of.tolist() and set(loaded.topic_of) == set(range(len(small.topics)))
    before, after = Recommender(small, HashingEncoder()), Recommender(loaded, HashingEncoder())
    for request in (Request("blue sea +boats -red"), Request("海部花子"), Request("boat", Profile(SEAS[:1])), Request("zzyzx")):
        a, b = before.recommend(request), after.recommend(request)
        assert ids(a) == ids(b) and a.good == b.good
        assert [r.score for r in a.results] == [r.score for r in b.results]
        assert [r.contributions for r in a.results] == [r.contributions for r in b.results]


def test_saving_twice_replaces_and_litters_nothing(small, folder):
    (folder / "hnsw.bin").write_bytes(b"left over from a larger one")
    artifacts.save(small, folder)
    assert os.listdir(folder.parent) == ["made"]
    assert not (folder / "hnsw.bin").exists()
    artifacts.load(folder)


def test_the_folder_holds_no_pickle(folder):
    files = [f for f in folder.rglob("*") if f.is_file()]
    assert {f.suffix for f in files} <= {".json", ".jsonl", ".npy", ".npz", ".arrow"}
    for file in files:
        if file.suffix in (".npy", ".npz"):
            loaded = np.load(file, allow_pickle=False)
            arrays = [loaded] if file.suffix == ".npy" else [loaded[name] for name in loaded.files]
            assert all(array.dtype != object for array in arrays)


def test_the_folder_can_be_read_by_others(folder):
    assert folder.stat().st_mode & 0o055 == 0o055


def test_one_work_is_a_collection(tmp_path):
    one = artifacts.build(catalogue_of(Artwork(artwork_id="only", title="Only Sea")), HashingEncoder())
    artifacts.save(one, tmp_path / "one")
    loaded = Recommender(artifacts.load(tmp_path / "one"), HashingEncoder())
    assert ids(loaded.search("sea")) == ["only"]
    assert loaded.similar("only").results == ()


def test_a_large_collection_keeps_its_graph(tmp_path):
    large = large_collection()
    manifest = {
        "format": 1, "name": "large", "works": len(large), "catalogue": large.catalogue.hash,
        "encoder": {"name": "clusters", "fingerprint": "c", "dimension": large.vectors.shape[1]},
    }  # fmt: skip
    folder = tmp_path / "large"
    artifacts.save(replace(large, manifest=manifest), folder)
    loaded = artifacts.load(folder)
    assert isinstance(loaded.index, HnswIndex)
    for row in (0, 77, 5_999):
        a, b = (c.index.search(large.vectors[row], 20) for c in (large, loaded))
        np.testing.assert_array_equal(a.rows, b.rows)
        np.testing.assert_array_equal(a.similarities, b.similarities)
    (folder / HNSW_FILE).write_bytes((folder / HNSW_FILE).read_bytes()[:5_000])
    refusal(folder)


def test_the_shipped_collection_opens_and_belongs_to_its_records(starter):
    assert starter.catalogue.hash == load_catalogue(config.STARTER).hash
    assert starter.manifest["works"] == len(starter) == len(starter.vectors)
    np.testing.assert_allclose(np.linalg.norm(starter.vectors, axis=1), 1, atol=1e-5)
    assert starter.atlas.coordinates.shape == (len(starter), 2)


def test_the_collection_in_use_comes_from_the_environment(folder, monkeypatch):
    monkeypatch.setenv("ARTREC_COLLECTION", str(folder))
    assert artifacts.open_collection().name == "small"


# --- refused ---


def test_no_folder_at_all(tmp_path):
    said = refusal(tmp_path / "nowhere")
    assert "no built collection" in said and "artrec build" in said and "nowhere" in said


def test_records_of_another_catalogue(folder):
    records = folder / "catalogue.jsonl"
    records.write_text(records.read_text("utf-8").replace("Storm off the Cape", "Calm off the Cape"), "utf-8")
    said = refusal(folder)
    assert "another catalogue" in said
    assert f"python -m artrec build {records} --out {folder}" in said
    artifacts.save(artifacts.build(load_catalogue(records), HashingEncoder(), atlas=False), folder)  # what the cure does
    assert artifacts.load(folder).catalogue[0].title == "Calm off the Cape"
    assert artifacts.load(folder).catalogue.vocabulary == FEW.vocabulary


def test_records_elsewhere_of_another_catalogue(folder, tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_text('{"artwork_id": "a", "title": "A"}\n')
    assert "1 works" in refusal(folder, records=other)


def test_broken_records(folder):
    with (folder / "catalogue.jsonl").open("a") as file:
        file.write("{broken\n")
    with pytest.raises(CatalogueError, match="line 8"):
        artifacts.load(folder)
    (folder / "catalogue.jsonl").unlink()
    with pytest.raises(CatalogueError, match="no catalogue"):
        artifacts.load(folder)


@pytest.mark.parametrize(
    "garbage",
    [
        b"", b"{", b"[]", b"null", b"7", b'"text"', b"{}", b"\xff\xfe\x00", b'{"format": 1}', b"[" * 100_000,
        b'{"format": 1, "catalogue": "x", "works": "many", "encoder": {"dimension": 3, "fingerprint": "f", "name": "n"}}',
        b'{"format": 1, "catalogue": "x", "works": 7, "encoder": "minilm"}',
        b'{"format": 1, "catalogue": "x", "works": 7, "encoder": {"dimension": 64, "fingerprint": null, "name": "n"}}',
        b'{"format": 1, "catalogue": "x", "works": 7, "encoder": {"dimension": 64, "fingerprint": "f"}}',
    ],
)  # fmt: skip
def test_a_garbage_manifest(folder, garbage):
    (folder / "manifest.json").write_bytes(garbage)
    assert "manifest.json cannot be used" in refusal(folder)


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_format(folder, version):
    edit(folder, format=version)
    assert repr(version) in refusal(folder)


@pytest.mark.parametrize(
    "noise", [None, 7, {}, {"cosine": [0.1, 0.1]}, {"cosine": [0.1], "words": [1, 2]}, {"cosine": ["a", "b"], "words": [1, 2]}]
)
def test_damaged_noise_is_met_when_loading_not_when_asked(folder, noise):
    """Without noise nothing is called a bad match; half of one is damage."""
    edit(folder, noise=noise)
    if noise is None:
        assert Recommender(artifacts.load(folder), HashingEncoder()).search("zzyzx").good
    else:
        refusal(folder)


@pytest.mark.parametrize(
    "vectors",
    [
        np.zeros((7, 32), np.float32), np.zeros((6, 64), np.float32), np.zeros((7, 64), np.float64), np.zeros(7, np.float32),
    ],
    ids=["dimension", "works", "kind", "flat"],
)  # fmt: skip
def test_vectors_that_do_not_fit(folder, vectors):
    np.save(folder / "vectors.npy", vectors)
    assert "damaged" in refusal(folder)


def test_a_truncated_array_and_a_missing_one(folder):
    whole = (folder / "vectors.npy").read_bytes()
    for size in (0, 50, 200, len(whole) - 1):
        (folder / "vectors.npy").write_bytes(whole[:size])
        assert "damaged" in refusal(folder)
    (folder / "vectors.npy").unlink()
    assert "damaged" in refusal(folder)


@pytest.mark.parametrize(
    "name", ["lexical", "regions.json", "topics.npz", "lexical/data.csc.index.npy", "lexical/vocab.index.json"]
)
def test_a_missing_part(folder, name):
    target = folder / name
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    assert "damaged" in refusal(folder)


WORD_FILES = [
    f"lexical/{name}" for name in ("data.csc.index.npy", "indptr.csc.index.npy", "vocab.index.json", "params.index.json")
]


@pytest.mark.parametrize("name", ["map.npz", "regions.json", "topics.json", "topics.npz", *WORD_FILES])
def test_a_truncated_part(folder, name):
    file = folder / name
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
    assert "damaged" in refusal(folder)


def test_words_of_another_collection(folder, tmp_path):
    (tmp_path / "other").mkdir()
    Lexical.build(toy_catalogue()).save(tmp_path / "other")
    shutil.rmtree(folder / "lexical")
    shutil.move(tmp_path / "other", folder / "lexical")
    assert "damaged" in refusal(folder)


def test_a_map_of_another_collection(folder):
    np.savez(folder / "map.npz", coordinates=np.zeros((3, 2), np.float32), trust=np.zeros(3, np.float32))
    assert "3 places for 7 works" in refusal(folder)


def test_without_a_map_it_still_opens(folder):
    (folder / "map.npz").unlink()
    assert artifacts.load(folder).atlas is None


class Trap:
    """Unpickling this makes a file."""

    def __init__(self, file):
        self.file = str(file)

    def __reduce__(self):
        return (open, (self.file, "w"))


@pytest.mark.parametrize("name", ["vectors.npy", "map.npz", "lexical/data.csc.index.npy", "lexical/indices.csc.index.npy"])
def test_a_pickle_is_never_opened(folder, tmp_path, name):
    sprung = tmp_path / "sprung"
    array = np.array([Trap(sprung)], dtype=object)
    if name.endswith("npz"):
        np.savez(folder / name, coordinates=array, trust=array)
    else:
        np.save(folder / name, array, allow_pickle=True)
    sprung.unlink(missing_ok=True)
    assert "damaged" in refusal(folder)
    assert not sprung.exists()


# --- writing ---


def test_a_folder_with_other_files_is_left_alone(small, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(ArtifactError, match="other files"):
        artifacts.save(small, tmp_path / "thesis")
    assert os.listdir(tmp_path / "thesis") == ["chapter.txt"]
    assert os.listdir(tmp_path) == ["thesis"]


def test_a_file_in_the_way(small, tmp_path):
    (tmp_path / "made").write_text("a file")
    with pytest.raises(ArtifactError):
        artifacts.save(small, tmp_path / "made")
    assert (tmp_path / "made").read_text() == "a file"
    with pytest.raises(ArtifactError):
        artifacts.save(small, tmp_path / "made" / "below")
    assert os.listdir(tmp_path) == ["made"]


def test_an_empty_folder_and_a_deep_one_are_fine(small, tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "a" / "b" / "c"):
        artifacts.save(small, folder)
        assert len(artifacts.load(folder)) == len(small)


def test_the_folder_one_stands_in(small, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    artifacts.save(small, artifacts.Path("."))
    assert len(artifacts.load(tmp_path / "here")) == len(small)
    assert os.listdir(tmp_path) == ["here"]


def failing(function, at: int, error: BaseException):
    """The function, failing at its nth call."""
    calls = iter(range(10_000))

    def run(*arguments, **options):
        if next(calls) == at:
            raise error
        return function(*arguments, **options)

    return run


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError("a defect")])
@pytest.mark.parametrize(
    ("owner", "name", "at"),
    [
        (np, "save", 0), (np, "savez", 0), (Lexical, "save", 0), (parts, "dump", 0), (parts, "dump", 2),
        (os, "chmod", 0), (staging, "exchange", 0), (os, "replace", 0), (os, "replace", 1), (os, "replace", 2),
    ],
)  # fmt: skip
def test_a_save_that_fails_leaves_the_old_one_and_no_litter(folder, toy, monkeypatch, owner, name, at, error):
    expected = ArtifactError if isinstance(error, OSError) else type(error)
    with monkeypatch.context() as patch:
        if owner is os:  # as where folders cannot be exchanged at once
            patch.setattr(staging, "exchange", lambda a, b: False)
        patch.setattr(owner, name, failing(getattr(owner, name), at, error))
        with pytest.raises(expected) as caught:
            artifacts.save(replace(toy, atlas=artifacts.Atlas(np.zeros((12, 2)), np.zeros(12))), folder)
    if expected is ArtifactError:
        assert "No space left" in str(caught.value) and str(folder) in str(caught.value)
    assert os.listdir(folder.parent) == ["made"]
    assert artifacts.load(folder).name == "small"


def test_a_failing_first_save_leaves_nothing(small, tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "dump", failing(parts.dump, 1, OSError(28, "No space left on device")))
    with pytest.raises(ArtifactError):
        artifacts.save(small, tmp_path / "new")
    assert os.listdir(tmp_path) == []


# --- building ---


def test_a_changed_work_is_encoded_alone(tmp_path):
    encoder, cache = CountingEncoder(), tmp_path / "vectors"
    first = artifacts.build(FEW, encoder, atlas=False, cache=cache)
    assert set(map(passage, FEW)) <= set(encoder.encoded)
    encoder.encoded.clear()
    changed = FEW[2].model_copy(update={"description": "Now a herd of elephants."})
    works = (*FEW.works[:2], changed, *FEW.works[3:])
    second = artifacts.build(catalogue_of(*works), encoder, atlas=False, cache=cache)
    assert [text for text in encoder.encoded if text in set(map(passage, works))] == [passage(changed)]
    assert second.manifest["catalogue"] != first.manifest["catalogue"]
    same = [0, 1, 3, 4, 5, 6]
    np.testing.assert_array_equal(second.vectors[same], first.vectors[same])
    assert not np.array_equal(second.vectors[2], first.vectors[2])
    assert ids(Recommender(second, encoder).search("elephants", 1)) == [changed.artwork_id]


def test_building_tells_how_far_it_is(tmp_path):
    told = []
    artifacts.build(FEW, HashingEncoder(), progress=lambda *where: told.append(where), cache=tmp_path)
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["encode", "index", "words", "topics", "predict", "map"]
    for stage in dict.fromkeys(stage for stage, _, _ in told):
        steps = [(done, total) for name, done, total in told if name == stage]
        assert steps[0] == (0, 7) and steps[-1] == (7, 7) and steps == sorted(steps)


def test_the_manifest_says_what_it_was_made_with(small):
    assert small.manifest["works"] == 7
    assert small.manifest["encoder"] == {"name": "hashing", "fingerprint": HashingEncoder.fingerprint, "dimension": 64}
    assert re.fullmatch("[0-9a-f]{64}", small.manifest["catalogue"])
    assert json.loads(json.dumps(small.manifest)) == json.loads(
        json.dumps(artifacts.build(FEW, HashingEncoder(), name="small").manifest)
    )
