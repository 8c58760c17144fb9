import json

import numpy as np
import pytest
from helpers_visual import encoded, painters, plain

from artrec.errors import ArtifactError, ArtrecError
from artrec.visual import batch, store
from artrec.visual.features import FEATURES, read
from artrec.visual.loading import load as load_picture


class Mean:
    """An encoder a test can check by hand: the mean colour."""

    name, fingerprint, dimension, reads_text = "mean", "mean-1", 3, False

    def encode_pictures(self, pictures):
        found = np.array([np.asarray(p, dtype=float).mean(axis=(0, 1)) for p in pictures]).reshape(-1, 3)
        return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for n, picture in enumerate(painters(4)[0]):
        (folder / f"w{n}.png").write_bytes(encoded(picture))
    (folder / "bad.png").write_bytes(b"no picture")
    return folder


IDS = ["w0", "none", *[f"w{n}" for n in range(1, 8)], "bad"]


@pytest.fixture(scope="module")
def visual(folder):
    return store.build(IDS, store.find_pictures(folder, IDS), Mean())


def test_rows_follow_the_catalogue(visual, folder):
    assert visual.has.tolist() == [True, False, *[True] * 7, False]
    assert visual.raw.shape == (10, len(FEATURES)) and np.isnan(visual.features[[1, 9]]).all()
    picture = load_picture(folder / "w3.png")
    assert np.array_equal(visual.raw[IDS.index("w3")], read(picture))
    assert np.allclose(visual.vectors[IDS.index("w3")], Mean().encode_pictures([picture])[0], atol=1e-6)
    assert visual.palettes[visual.has][..., 3].sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_what_is_no_picture_is_told(visual):
    assert list(visual.problems) == ["bad"] and "not a picture" in visual.problems["bad"]


def test_features_are_standardised_and_a_new_picture_gets_its_place(visual):
    inside = visual.features[visual.has]
    assert np.abs(np.median(inside, axis=0)).max() < 1e-4 and np.abs(inside).max() <= 4
    assert np.array_equal(visual.place(visual.raw[0]), visual.features[0])
    assert np.isfinite(visual.place(read(plain()))).all()


def test_a_column_where_all_agree_divides_by_one():
    center, scale = store.robust(np.tile(np.array([[3.0, 7.0]], dtype=np.float32), (5, 1)))
    assert center.tolist() == [3, 7] and scale.tolist() == [1, 1]


def test_saved_and_loaded_it_is_the_same(visual, tmp_path):
    store.save(visual, tmp_path)
    found = store.load(tmp_path)
    for name in store.ARRAYS:
        assert np.array_equal(getattr(found, name), getattr(visual, name), equal_nan=name not in ("has",))
    assert found.encoder == "mean-1" and found.image_encoder() is None and dict(found.files) == dict(visual.files)
    assert dict(found.problems) == dict(visual.problems)
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("harm", ["raw.npy", "manifest.json", "files.json", "other"])
def test_a_damaged_store_is_one_sentence(visual, tmp_path, harm):
    store.save(visual, tmp_path)
    if harm == "other":
        manifest = json.loads((tmp_path / "manifest.json").read_text())
        (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"features": ["something"]}))
    else:
        (tmp_path / harm).write_bytes((tmp_path / harm).read_bytes()[:-20])
    with pytest.raises(ArtifactError) as caught:
        store.load(tmp_path)
    assert "again" in str(caught.value) and "\n" not in str(caught.value)


def test_nothing_there_is_one_sentence(tmp_path):
    with pytest.raises(ArtifactError, match="no pictures"):
        store.load(tmp_path / "absent")


def test_without_an_encoder_one_is_learnt_and_kept(folder, tmp_path):
    ids = IDS[:-1]
    labels = {f"w{n}": "upright" if n < 4 else "level" for n in range(8)}
    told = []
    visual = store.build(
        ids, store.find_pictures(folder, ids), progress=lambda *a: told.append(a), folder=tmp_path, labels=labels
    )
    found = store.load(tmp_path)
    encoder = found.image_encoder()
    assert encoder.fingerprint == visual.encoder == found.encoder
    assert np.allclose(encoder.encode_pictures([load_picture(folder / "w5.png")])[0], found.vectors[ids.index("w5")], atol=1e-5)
    assert [stage for stage, *_ in told] == sorted(
        (s for s, *_ in told), key=["reading pictures", "learning to see", "encoding pictures"].index
    )
    assert told[-1][1:] == (8, 8)


def test_one_picture_alone_is_refused(folder):
    with pytest.raises(ArtifactError, match="two at least"):
        store.build(["w0", "bad"], store.find_pictures(folder, ["w0", "bad"]))
    with pytest.raises(ArtifactError, match="0 of 0"):
        store.build(["w0"], {})


def test_a_run_that_was_stopped_goes_on(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path))
    job = batch.Job("artrec.visual.store", "read_one", len(FEATURES) + 20, "stopped")
    files = [folder / f"w{n}.png" for n in range(8)]
    monkeypatch.setattr(batch, "CHUNK", 2)

    def stop(done, total):
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.read_all(files, job, stop)
    read_now = []
    monkeypatch.setattr(batch, "_one", lambda path, job, real=batch._one: read_now.append(path) or real(path, job))
    found = batch.read_all(files, job)
    assert len(read_now) == 4 and np.isfinite(found.values).all()


def test_two_processes_read_what_one_does(folder, monkeypatch):
    job = batch.Job("artrec.visual.store", "read_one", len(FEATURES) + 20, "alone")
    other = batch.Job("artrec.visual.store", "read_one", len(FEATURES) + 20, "together")
    files = [folder / f"w{n % 8}.png" for n in range(24)] + [folder / "bad.png"]
    one, two = batch.read_all(files, job, processes=1), batch.read_all(files, other, processes=2)
    assert np.array_equal(one.values, two.values, equal_nan=True)
    assert one.problems == two.problems and list(one.problems) == [folder / "bad.png"]


def test_a_picture_that_kills_its_process_costs_itself_alone(folder, tmp_path):
    deadly = tmp_path / "deadly.png"
    deadly.write_bytes(encoded(plain((1, 2, 3))))
    job = batch.Job("deadly_job", "run", 1, "deadly")
    files = [folder / f"w{n % 8}.png" for n in range(24)] + [deadly]
    found = batch.read_all(files, job, processes=2)
    assert list(found.problems) == [deadly] and "stops the program" in found.problems[deadly]
    assert np.isnan(found.values[-1]).all() and np.isfinite(found.values[:-1]).all()


def test_processes_that_cannot_run_are_told_once_not_picture_by_picture(folder):
    job = batch.Job("deadly_job", "always", 1, "")
    with pytest.raises(ArtrecError, match="cannot run"):
        batch.read_all([folder / f"w{n % 8}.png" for n in range(24)], job, processes=2)
