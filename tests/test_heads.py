"""Linear heads: probabilities, thresholds, files."""

import json

import numpy as np
import pytest
from helpers import unit

from artrec.errors import ArtifactError
from artrec.heads import Head, load_heads, save_heads

ENCODER = "an-encoder"
COLOUR = Head("colour", ("blue", "red"), np.array([[4, 0], [0, 4]], np.float32), np.zeros(2, np.float32))
MOODS = Head("moods", ("calm", "wild"), np.array([[8, -8], [0, 0]], np.float32), np.array([0, -1], np.float32), True,
             np.array([0.5, 0.2], np.float32))  # fmt: skip
STRENGTH = Head("strength", ("strength",), np.array([[2, 0]], np.float32), np.array([0.1], np.float32), kind="number")
VECTORS = unit(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]))


def test_one_label_wins():
    chances = COLOUR.probabilities(VECTORS)
    assert chances.dtype == np.float32 and chances.shape == (3, 2)
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-6)
    assert [row[0][0] for row in COLOUR.named(VECTORS)] == ["blue", "red", "blue"]
    assert COLOUR.named(VECTORS)[0][0][1] == pytest.approx(1 / (1 + np.exp(-4)))


def test_several_labels_each_against_its_threshold():
    assert [[label for label, _ in row] for row in MOODS.named(VECTORS)] == [["calm", "wild"], ["wild"], ["calm", "wild"]]
    assert MOODS.named(VECTORS)[0][0][1] > MOODS.named(VECTORS)[0][1][1]


def test_a_number_stays_between_0_and_1():
    assert STRENGTH.probabilities(VECTORS)[:, 0].tolist() == pytest.approx([1.0, 0.1, 1.0])


def test_what_is_loaded_is_what_was_saved(tmp_path):
    save_heads({"colour": COLOUR, "moods": MOODS, "strength": STRENGTH}, tmp_path, ENCODER, {"colour": {"macro_f1": 1}})
    heads = load_heads(tmp_path, ENCODER)
    assert list(heads) == ["colour", "moods", "strength"]
    for name, head in (("colour", COLOUR), ("moods", MOODS), ("strength", STRENGTH)):
        np.testing.assert_allclose(heads[name].probabilities(VECTORS), head.probabilities(VECTORS), atol=1e-2)
        assert heads[name].labels == head.labels
    assert load_heads(tmp_path / "none", ENCODER) == {}
    assert not list(tmp_path.glob("*.part"))


def test_weights_that_lie_by_columns_are_kept_as_well(tmp_path):
    weight = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    turned = Head("colour", ("blue", "red"), np.asfortranarray(weight), np.zeros(2, np.float32))  # as scikit-learn leaves them
    save_heads({"colour": turned}, tmp_path, ENCODER, {})
    np.testing.assert_array_equal(load_heads(tmp_path, ENCODER)["colour"].weight, weight)


def test_heads_of_another_encoder_and_damaged_ones_are_refused(tmp_path):
    save_heads({"colour": COLOUR}, tmp_path, ENCODER, {})
    with pytest.raises(ArtifactError, match="another encoder.*train heads"):
        load_heads(tmp_path, "something-else")
    (tmp_path / "heads.safetensors").write_bytes(b"\x00" * 20)
    with pytest.raises(ArtifactError, match="cannot be read"):
        load_heads(tmp_path, ENCODER)
    (tmp_path / "heads.json").write_text(json.dumps({"heads": {}}))
    with pytest.raises(ArtifactError, match="cannot be read"):
        load_heads(tmp_path, ENCODER)
