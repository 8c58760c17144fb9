"""IIIF collections and manifests of both versions: files that name one another, languages, and documents made to hurt."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec.catalogue import Artwork
from artrec.sources import LeftOut, recognise, source_of
from artrec.sources.iiif import DEEPEST

CONTEXT = "http://iiif.io/api/presentation/3/context.json"


def manifest(number, **more):
    return {
        "id": f"https://a.example/{number}/manifest",
        "type": "Manifest",
        "label": {"en": [f"Work {number}"]},
        "items": [],
    } | more


def name_of(number):
    return {key: value for key, value in manifest(number).items() if key != "items"}


def collection(number, *items):
    return {"@context": CONTEXT, "id": f"https://a.example/c/{number}", "type": "Collection", "items": list(items)}


def read(folder, **files):
    for name, document in files.items():
        (folder / f"{name}.json").write_text(json.dumps(document), "utf-8")
    found = list(source_of("iiif").read(folder))
    return [f for f in found if isinstance(f, Artwork)], [f for f in found if isinstance(f, LeftOut)]


def test_collections_lead_to_files_beside_them_and_each_work_comes_once(tmp_path):
    works, left = read(
        tmp_path, a=collection(1, name_of(1), collection(2, manifest(2), name_of(1), collection(1)), name_of(3)),
        b=manifest(1), c=manifest(2), d=collection(5, name_of(1), name_of(3)), e=manifest(4),
    )  # fmt: skip
    assert sorted(w.title for w in works) == ["Work 1", "Work 2", "Work 4"]
    assert len({w.artwork_id for w in works}) == 3
    assert [(each.where, each.record) for each in left] == [("a.json, line 1", "Work 3")]
    assert "https://a.example/3/manifest" in left[0].reason


def test_a_collection_that_is_not_there_is_told(tmp_path):
    inner = {"@id": "https://a.example/c/9", "@type": "sc:Collection", "label": "Away"}
    off = {"@id": "https://a.example/1", "@type": "sc:Manifest", "label": "Off"}
    outer = {"@id": "https://a.example/c", "@type": "sc:Collection", "collections": [inner], "manifests": [off]}
    works, left = read(tmp_path, a=outer)
    assert not works and sorted(each.record for each in left) == ["Away", "Off"]
    works, left = read(tmp_path, a=outer, b=inner | {"members": [manifest(7)]})
    assert [w.title for w in works] == ["Work 7"] and [each.record for each in left] == ["Off"]


def test_collections_without_end(tmp_path):
    deep = manifest(1)
    for number in range(DEEPEST + 3):
        deep = collection(number, deep)
    works, left = read(tmp_path, a=deep)
    assert not works and len(left) == 1 and "deep" in left[0].reason


@pytest.mark.parametrize(
    ("label", "title"),
    [({"fr": ["Vague"], "en": ["Wave", "sea"]}, "Wave; sea"), ({"fr": ["Vague"], "de": ["Woge"]}, "Vague"), ("Wave", "Wave"),
     ({"none": ["W"]}, "W"), ([{"@value": "Vague", "@language": "fr"}, {"@value": "Wave", "@language": "en"}], "Wave"),
     ({"@value": "<b>W</b>", "@language": "de"}, "W"), (["A", "B"], "A; B"), 
     ({"en": ["<script>x</script>Wave &amp; sea"]}, "Wave & sea")],
)  # fmt: skip
def test_labels_in_their_languages(tmp_path, label, title):
    works, _ = read(tmp_path, a=manifest(1, label=label))
    assert [w.title for w in works] == [title]


def test_metadata_in_other_languages(tmp_path):
    pairs = {"Kunstenaar": "Attributed to Jan Steen", "Datering": "ca. 1660", "Materiaux_techniques": "huile sur toile",
             "Trefwoorden": "inn; dancing", "Maße": "30 × 40 cm", "Unbekannt": "x"}  # fmt: skip
    works, _ = read(
        tmp_path, a=manifest(1, metadata=[{"label": {"none": [k]}, "value": {"none": [v]}} for k, v in pairs.items()])
    )
    (work,) = works
    assert (work.artist, work.recorded["artist"], work.year) == ("", "Attributed to Jan Steen", 1660)
    assert (work.medium, work.subjects, work.dimensions) == ("huile sur toile", ("inn", "dancing"), "30 × 40 cm")


def test_what_is_no_document_is_told(tmp_path):
    works, left = read(tmp_path, a={"hello": 1}, b=name_of(1), c={"type": "Canvas", "items": []})
    assert not works and [each.where for each in left] == [f"{name}.json, line 1" for name in "abc"]


INNER = st.sampled_from(["id", "@id", "@value", "@language", "type", "en", "service", "body", "label", "value"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(INNER, inner, max_size=3),
    max_leaves=8,
)
KEYS = ("id", "label", "metadata", "items", "sequences", "thumbnail", "rights", "homepage", "provider", "summary",
        "requiredStatement", "attribution", "manifests")  # fmt: skip


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), values), st.sampled_from(["Manifest", "Collection", "sc:Manifest", ["x"], 7]))
def test_any_document_is_survived(tmp_path_factory, document, kind):
    works, left = read(tmp_path_factory.mktemp("d"), a=document | {"type": kind})
    assert all(each.reason and each.cure for each in left)


def test_lists_in_lists_without_end(tmp_path):
    deep = "[" * 900 + "]" * 900
    (tmp_path / "a.json").write_text(json.dumps(manifest(1)).replace('"items": []', f'"items": [], "summary": {deep}'))
    found = list(source_of("iiif").read(tmp_path))
    assert len(found) == 1


# A whole folder of both versions

V2 = {
    "@context": "http://iiif.io/api/presentation/2/context.json",
    "@id": "https://a.example/iiif/1/manifest.json",
    "@type": "sc:Manifest",
    "label": "Wave",
    "description": "A <b>wave</b>.",
    "attribution": "A Museum",
    "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    "metadata": [
        {"label": "Künstler", "value": "Hokusai (Japanese, 1760-1849)"},
        {"label": [{"@value": "Date", "@language": "en"}], "value": "c. 1831"},
        {"label": "Subjects", "value": "sea; boats"},
        {"label": "Medium", "value": "woodblock print"},
    ],
    "sequences": [
        {
            "canvases": [
                {"images": [{"resource": {"@id": "https://a.example/1.jpg", "service": {"@id": "https://a.example/svc/1"}}}]}
            ]
        }
    ],
}
V3 = {
    "@context": "http://iiif.io/api/presentation/3/context.json",
    "id": "https://a.example/iiif/2/manifest",
    "type": "Manifest",
    "label": {"fr": ["Vague"], "en": ["Wave again"]},
    "summary": {"en": ["Again."]},
    "rights": "http://rightsstatements.org/vocab/InC/1.0/",
    "metadata": [{"label": {"en": ["Artist"]}, "value": {"none": ["Utagawa Hiroshige"]}}],
    "thumbnail": [{"id": "https://a.example/t.jpg"}],
    "items": [{"type": "Canvas", "items": []}],
}


def test_iiif_manifests_and_collections(tmp_path):
    (tmp_path / "1.json").write_text(json.dumps(V2))
    (tmp_path / "2.json").write_text(json.dumps(V3, indent=1))
    away = {"id": "https://a.example/iiif/3/manifest", "type": "Manifest", "label": {"en": ["Elsewhere"]}}
    inner = {"id": "https://a.example/c/inner", "type": "Collection", "label": {"en": ["Inner"]}, "items": [away, V3]}
    both = {
        "@context": V3["@context"],
        "id": "https://a.example/c",
        "type": "Collection",
        "items": [
            {"id": V2["@id"], "type": "Manifest", "label": {"en": ["Wave"]}},
            inner,
            {"id": "https://a.example/c", "type": "Collection"},
        ],
    }
    (tmp_path / "all.json").write_text(json.dumps(both))
    found = list(source_of("iiif").read(tmp_path))
    works, left = ([each for each in found if isinstance(each, kind)] for kind in (Artwork, LeftOut))
    assert recognise(tmp_path) == recognise(tmp_path / "2.json") == "iiif" and len(works) == 2
    by_title = {w.title: w for w in works}
    wave, again = by_title["Wave"], by_title["Wave again"]
    assert (wave.artist, wave.artist_life, wave.year, wave.type) == ("Hokusai", (1760, 1849), 1831, "print")
    assert wave.subjects == ("sea", "boats") and wave.public_domain and wave.description == "A wave."
    assert wave.image_url == "https://a.example/svc/1/full/400,/0/default.jpg" and wave.image_credit == "A Museum"
    assert (again.artist, again.image_url, again.public_domain) == ("Utagawa Hiroshige", "https://a.example/t.jpg", False)
    assert [each.record for each in left] == ["Elsewhere"] and "https://a.example/iiif/3/manifest" in left[0].reason
