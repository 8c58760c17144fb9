import numpy as np
import pytest

from artrec.visual.fusion import Joint, compare_fusions, likeness


def world(seed=0, n=240):
    """Works with four hidden numbers; texts say the first three of them, pictures the last three, each with noise."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 4, n)
    hidden = random.normal(0, 1, (n, 4)) + np.eye(4)[labels] * 2
    texts = hidden[:, :3] @ random.normal(0, 1, (3, 20)) + random.normal(0, 0.3, (n, 20))
    pictures = hidden[:, 1:] @ random.normal(0, 1, (3, 12)) + random.normal(0, 0.3, (n, 12))
    return texts.astype(np.float32), pictures.astype(np.float32), np.array([f"m{label}" for label in labels])


def test_the_joint_space_holds_what_both_say():
    texts, pictures, _ = world()
    joint = Joint.fit(texts[:160], pictures[:160], shared=2, shrink=0.05)
    one, other = joint.texts(texts[160:]), joint.pictures(pictures[160:])
    assert one.shape == other.shape == (80, 2) and one.dtype == np.float32
    assert (one * other).sum(axis=1).mean() > 0.8
    assert np.linalg.norm(joint.both(texts, pictures), axis=1) == pytest.approx(1, abs=1e-5)


def test_a_text_finds_its_picture_far_better_than_chance_and_not_where_they_are_strangers():
    texts, pictures, labels = world()
    found = compare_fusions(texts, pictures, labels)["text finds its picture"]
    assert found["recall@10"] > 2 * found["by_chance"]
    strangers = pictures[np.random.default_rng(1).permutation(len(pictures))]
    assert compare_fusions(texts, strangers, labels)["text finds its picture"]["recall@10"] < 2 * found["by_chance"]


def test_either_fusion_beats_each_view_where_each_knows_a_part():
    found = compare_fusions(*world())
    best = max(found["text"]["precision@5"], found["picture"]["precision@5"])
    assert found["late"]["precision@5"] > best and found["early"]["precision@5"] > 0.5
    assert all(
        found[way]["low"] <= found[way]["precision@5"] <= found[way]["high"] for way in ("text", "picture", "late", "early")
    )


def test_likeness_learns_from_the_training_works_alone():
    texts, pictures, _ = world()
    train, test = np.arange(100), np.arange(100, 120)
    changed = texts.copy()
    changed[200:] += 1_000
    for way in ("text", "picture", "late", "early"):
        assert np.array_equal(likeness(way, texts, pictures, train, test), likeness(way, changed, pictures, train, test))
