import numpy as np
import pytest
from helpers_visual import noise, painters, stripes

from artrec.errors import ArtifactError
from artrec.visual.descriptor import Descriptor
from artrec.visual.patches import KINDS, learn_words, patches, signature


@pytest.fixture(scope="module")
def world():
    pictures, labels = painters(8)
    return pictures, labels, Descriptor.fit(pictures, labels=labels)


def share_of_own(vectors, labels, k=5):
    nearest = np.argsort(-(vectors @ vectors.T - 2 * np.eye(len(vectors))), axis=1)[:, :k]
    return np.mean([[labels[other] == labels[row] for other in nearest[row]] for row in range(len(vectors))])


def test_vectors_are_unit_rows(world):
    pictures, _, descriptor = world
    vectors = descriptor.encode(pictures)
    assert vectors.shape == (len(pictures), descriptor.dimension) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert descriptor.encode([]).shape == (0, descriptor.dimension)


def test_two_painters_are_told_apart_also_on_pictures_never_seen(world):
    pictures, labels, descriptor = world
    new = [stripes(500 + n, True) for n in range(6)] + [stripes(600 + n, False, colour=(40, 80, 200)) for n in range(6)]
    assert share_of_own(descriptor.encode(new), ["upright"] * 6 + ["level"] * 6) == 1
    blind = Descriptor.fit(pictures)
    assert share_of_own(blind.encode(pictures), labels) > 0.7, "without labels; by chance it is 0.47"


def test_the_same_pictures_teach_the_same(world):
    pictures, labels, descriptor = world
    again = Descriptor.fit(pictures, labels=labels)
    assert again.fingerprint == descriptor.fingerprint
    assert Descriptor.fit(pictures).fingerprint != descriptor.fingerprint


def test_one_label_alone_or_none_teaches_from_the_pictures(world):
    pictures = world[0][:6]
    one, none, no = (Descriptor.fit(pictures, labels=labels).fingerprint for labels in (["x"] * 6, [""] * 6, None))
    assert one == none == no


def test_some_without_a_label_are_no_style_of_their_own(world):
    pictures, labels, _ = world
    some = [label if n % 2 else "" for n, label in enumerate(labels)]
    assert share_of_own(Descriptor.fit(pictures, labels=some).encode(pictures), labels) > 0.95


def test_saved_and_loaded_it_is_the_same(world, tmp_path):
    pictures, _, descriptor = world
    descriptor.save(tmp_path / "d.npz")
    loaded = Descriptor.load(tmp_path / "d.npz")
    assert loaded.fingerprint == descriptor.fingerprint
    assert np.array_equal(loaded.encode(pictures[:3]), descriptor.encode(pictures[:3]))
    assert [file.name for file in tmp_path.iterdir()] == ["d.npz"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\x80\x04K\x01."])
def test_a_damaged_file_is_one_sentence(content, tmp_path):
    (tmp_path / "d.npz").write_bytes(content)
    with pytest.raises(ArtifactError, match="cannot be read"):
        Descriptor.load(tmp_path / "d.npz")


def test_one_picture_is_not_enough():
    with pytest.raises(ArtifactError, match="two"):
        Descriptor.fit([noise()])


def test_two_small_pictures_are_enough():
    vectors = Descriptor.fit([noise(0, 8, 8), noise(1, 8, 9)]).encode([noise(2, 9, 8)])
    assert np.isfinite(vectors).all()


def test_patches_cover_a_picture_and_know_its_directions():
    upright, level = patches(stripes(upright=True))[0], patches(stripes(upright=False))[0]
    assert upright.shape == level.shape and upright.shape[1] == KINDS[0].length and np.isfinite(upright).all()
    across = upright[:, :128].reshape(-1, 16, 8).mean(axis=(0, 1))
    assert across[[0, 4]].min() > across[[2, 6]].max(), "upright stripes have gradients to the left and right"
    along = level[:, :128].reshape(-1, 16, 8).mean(axis=(0, 1))
    assert along[[2, 6]].min() > along[[0, 4]].max()


def test_a_plain_picture_has_a_short_descriptor_not_noise():
    assert np.linalg.norm(patches(np.full((64, 64, 3), 128, dtype=np.uint8))[0][:, :128], axis=1).max() < 0.1


def test_statistics_are_unit_and_differ_between_painters():
    pictures, _ = painters(4)
    local = [patches(picture) for picture in pictures]
    words = learn_words(pictures, len(pictures))
    found = np.stack([signature(part, words) for part in local])
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-4)
    alike = found @ found.T
    assert alike[:4, :4].mean() > alike[:4, 4:].mean()
