"""Topics: found where there are seams, named by what is a group's own, and never two alike."""

import json

import numpy as np
import pytest
from helpers import SEAS, SQUARES, HashingEncoder, catalogue_of, toy_catalogue, unit
from helpers_ranking import laws
from hypothesis import given
from hypothesis import strategies as st

from artrec import artifacts, cli_topics
from artrec.catalogue import Artwork
from artrec.errors import ArtifactError
from artrec.topics import COMMON, LARGE, PROPER, Term, find_topics, load_topics, name_groups, save_topics, topic_of, weigh_terms

WORLDS = {
    "ship": "A {} ship sails the harbour under torn sails, and sailors pull wet ropes along the harbour.",
    "horse": "A {} horse leaps the meadow fence, and riders whip horses across the muddy meadow.",
    "teapot": "A {} teapot steams beside porcelain cups, and porcelain saucers wait upon the teapot tray.",
}
SHADES = ("grey", "blue", "pale", "dark", "green", "golden", "black", "silver")


def work(number: int, title: str, description: str = "", **more) -> Artwork:
    return Artwork(artwork_id=f"w{number}", title=title, description=description, **more)


def worlds(count: int, *names: str) -> tuple[list[Artwork], np.ndarray]:
    """Works of several worlds that share no word, mixed, and the world of each. Titles and descriptions only."""
    works = [
        work(at, f"Study {SHADES[at // len(names) % 8]}", WORLDS[names[at % len(names)]].format(SHADES[at // len(names) % 8]))
        for at in range(count)
    ]
    return works, np.arange(count) % len(names)


def lawful(topics, n: int) -> None:
    assert np.array_equal(np.sort(np.concatenate([t.rows for t in topics])), np.arange(n))
    names = [t.name for t in topics]
    assert len(set(names)) == len(names) and all(name.strip() for name in names)
    sizes = [len(t.rows) for t in topics]
    assert sizes == sorted(sizes, reverse=True) and min(sizes) >= 1
    for topic in topics:
        weights = [weight for _, weight in topic.terms]
        assert weights == sorted(weights, reverse=True) and all(0 < weight <= 1 for weight in weights)
        assert topic.rows.dtype == np.int64 and len({text for text, _ in topic.terms}) == len(topic.terms)


@pytest.mark.parametrize("names", [("ship", "horse"), ("ship", "horse", "teapot")])
def test_worlds_without_a_word_in_common_are_found_and_named_by_their_texts(names):
    works, truth = worlds(24, *names)
    catalogue = catalogue_of(*works)
    topics = find_topics(catalogue, HashingEncoder().encode([w.description for w in works]))
    lawful(topics, 24)
    assert len(topics) == len(names)
    for topic in topics:
        of = {int(world) for world in truth[topic.rows]}
        assert len(of) == 1
        own = WORLDS[names[of.pop()]].lower()
        for text, _ in topic.terms:
            assert any(word[:5] in own for word in text.lower().split()), text
        assert topic.name.split(" · ")[0].lower()[:5] in own


def test_the_painters_are_two_topics_named_by_their_attributes(toy):
    topics = toy.topics
    lawful(topics, len(toy))
    assert {tuple(sorted(toy.catalogue[int(r)].artwork_id for r in t.rows)) for t in topics} == {
        tuple(sorted(SEAS)), tuple(sorted(SQUARES)),
    }  # fmt: skip
    by_first = {toy.catalogue[int(t.rows[0])].artist: t.name for t in topics}
    assert by_first["Hanako Umibe"] == "Ukiyo-e · Japanese" and by_first["Karla Winkel"] == "Bauhaus · German"
    assert [len(t.rows) for t in topics] == [6, 6] and np.bincount(topic_of(topics, 12)).tolist() == [6, 6]


def test_the_most_typical_come_first(toy):
    for topic in toy.topics:
        middle = toy.vectors[topic.rows].mean(axis=0)
        near = toy.vectors[topic.rows] @ middle
        assert (np.diff(near) <= 1e-5).all()


def test_texts_speak_only_where_attributes_do_not():
    described = "A wooden ship sails. The ship carries barrels of salted herring."
    bare = [work(n, "Harbour", described) for n in range(4)]
    full = [work(n + 4, "Harbour", described, type="print", genre="marine", culture="Dutch") for n in range(4)]
    terms = weigh_terms(catalogue_of(*bare, *full), [np.arange(4), np.arange(4, 8)])
    assert {"ship", "barrels of salted herring", "barrels"} & {t.text for t in terms[0]}
    assert {t.text for t in terms[1]} == {"print", "marine", "Dutch"}


def test_no_piece_of_an_artists_name_or_life_names_a_topic():
    text = "Drawing by Alfred Jacob Miller, born 1810, died 1874. Miller drew buffalo, and buffalo again."
    works = [work(n, f"Buffalo {n}", text, artist="Alfred Jacob Miller", artist_life=(1810, 1874)) for n in range(6)]
    (terms,) = weigh_terms(catalogue_of(*works), [np.arange(6)])
    said = {word.lower() for term in terms for word in term.text.split()}
    assert "buffalo" in said and not said & {"alfred", "jacob", "miller", "born", "died", "1810", "1874"}


def test_a_word_gives_way_to_the_phrase_it_always_stands_in():
    works = [work(n, "Plate", "The Peacock Throne glitters. Guards circle the Peacock Throne.") for n in range(5)]
    (terms,) = weigh_terms(catalogue_of(*works), [np.arange(5)])
    assert "Peacock Throne" in {term.text for term in terms} and not {"Peacock", "Throne"} & {term.text for term in terms}


def term(text: str, weight: float = 1.0, kind: float = COMMON, usual: bool = True) -> Term:
    return Term(text, weight, kind, frozenset(text.lower().split()), usual)


def test_no_term_names_two_groups_and_the_second_is_of_another_kind():
    same = [term("hunting scenes"), term("deer", 0.9), term("Persian", 0.5, PROPER)]
    assert name_groups([same, same]) == ["Hunting scenes · Persian", "Deer"]
    assert name_groups([same, same], in_turn=True) == ["Hunting scenes · Persian", "Deer"]
    assert name_groups([[term("Dutch", kind=PROPER), term("dutch tile", 0.9)], []]) == ["Dutch", ""]
    assert name_groups([[term("rare", usual=False), term("boats", 0.5)]]) == ["Boats"]
    both = [[term("a1"), term("B", 0.9, PROPER)], [term("B", 1.0, PROPER), term("c1", 0.9)]]
    assert name_groups(both) == ["A1", "B · C1"] and name_groups(both, in_turn=True) == ["A1 · B", "C1"]


HOSTILE = (
    "<script>alert('x')</script><img src=x onerror=alert(1)>", "\u202eright to left\u202c مرحبا بالعالم",
    "🖼️ :material/home: :red[red] $\\int x$ **bold** [link](javascript:alert(1))", "梵高的星夜", "🖼️", "'", "Ein Reiter im Feld",
)  # fmt: skip


@laws
@given(
    st.lists(
        st.tuples(st.sampled_from(HOSTILE + SHADES), st.sampled_from(("", *WORLDS.values(), *HOSTILE)), st.integers(0, 3)),
        min_size=1, max_size=20,
    ),
    st.integers(0, 3),
)  # fmt: skip
def test_laws_of_topics(chosen, seed):
    works = [work(n, title, description) for n, (title, description, _) in enumerate(chosen)]
    catalogue = catalogue_of(*works)
    vectors = unit(np.eye(4)[[place for _, _, place in chosen]] + 0.01)
    topics, again = (find_topics(catalogue, vectors, seed) for _ in range(2))
    lawful(topics, len(works))
    assert [(t.name, t.terms, t.rows.tolist()) for t in topics] == [(t.name, t.terms, t.rows.tolist()) for t in again]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 40])
def test_equal_and_empty_texts_are_one_topic(count):
    catalogue = catalogue_of(*(work(n, "Untitled") for n in range(count)))
    (topic,) = find_topics(catalogue, np.repeat(unit(np.ones((1, 8))), count, axis=0))
    assert topic.name == "Like “Untitled”" and topic.terms == () and sorted(topic.rows) == list(range(count))


def test_topics_without_terms_are_numbered_where_their_works_share_a_title():
    catalogue = catalogue_of(*(work(n, "Untitled") for n in range(12)))
    topics = find_topics(catalogue, unit(np.eye(8)[np.arange(12) % 2] + 0.001 * np.arange(12)[:, None]))
    lawful(topics, 12)
    assert {"Like “Untitled”", "Like “Untitled” (2)"} <= {t.name for t in topics}


def test_large_collections_go_in_batches():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 12, LARGE + 1)
    vectors = unit(unit(rng.normal(size=(12, 16)))[truth] + 0.02 * rng.normal(size=(LARGE + 1, 16)))
    one = work(0, "Boat")
    catalogue = catalogue_of(*(one.model_copy(update={"artwork_id": f"w{n}"}) for n in range(LARGE + 1)))
    topics = find_topics(catalogue, vectors)
    lawful(topics, LARGE + 1)
    assert 10 <= len(topics) <= 20
    pure = sum(np.bincount(truth[t.rows]).max() for t in topics) / (LARGE + 1)
    assert pure > 0.95


def test_topics_are_read_as_they_were_written(toy, tmp_path):
    save_topics(toy.topics, tmp_path)
    found = load_topics(tmp_path, len(toy))
    for topic, back in zip(toy.topics, found, strict=True):
        assert topic.name == back.name and np.array_equal(topic.rows, back.rows)
        assert [text for text, _ in topic.terms] == [text for text, _ in back.terms]
        np.testing.assert_allclose([w for _, w in topic.terms], [w for _, w in back.terms], atol=1e-4)
    with pytest.raises(ValueError, match="topics for 12 works"):
        load_topics(tmp_path, 11)
    assert load_topics(tmp_path / "none", 12) is None


@pytest.fixture
def folder(toy, tmp_path):
    artifacts.save(toy, tmp_path / "toy")
    return tmp_path / "toy"


def test_a_collection_from_before_there_were_topics_still_opens(folder):
    for name in ("topics.json", "topics.npz"):
        (folder / name).unlink()
    loaded = artifacts.load(folder)
    assert loaded.topics is None and set(loaded.topic_of) == {-1}


@pytest.mark.parametrize("rows", [[0, 1, 2], [*range(11), 10], [*range(11), 12], []])
def test_topics_that_do_not_give_each_work_one_are_refused(folder, rows):
    np.savez(folder / "topics.npz", rows=np.array(rows, dtype=np.int64))
    with pytest.raises(ArtifactError, match="damaged"):
        artifacts.load(folder)


@pytest.mark.parametrize(
    "topics", ["[]", "{}", '{"topics": []}', '{"topics": [{"name": "A", "works": 12}]}', '{"topics": [{"works": 99}]}', "7"]
)
def test_garbage_topics_are_refused(folder, topics):
    (folder / "topics.json").write_text(topics)
    with pytest.raises(ArtifactError, match="damaged"):
        artifacts.load(folder)


def test_the_command_prints_text_and_json(folder, capsys):
    assert cli_topics.topics(folder, False) == 0
    said = capsys.readouterr().out
    assert "     6  Ukiyo-e · Japanese\n" in said and "such as" in said
    assert cli_topics.topics(folder, True) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["collection"] == "toy" and sum(t["works"] for t in document["topics"]) == 12
    assert all(set(t["typical"]) <= set(SEAS + SQUARES) and 0 < t["terms"][0]["weight"] <= 1 for t in document["topics"])


def test_the_command_says_where_there_are_none(folder):
    (folder / "topics.json").unlink()
    with pytest.raises(ArtifactError, match="without topics") as caught:
        cli_topics.topics(folder, False)
    assert "artrec build" in caught.value.cure


def test_topics_of_the_toy_world_are_the_same_again(toy):
    again = find_topics(toy_catalogue(), toy.vectors)
    assert [(t.name, t.terms, t.rows.tolist()) for t in again] == [(t.name, t.terms, t.rows.tolist()) for t in toy.topics]
