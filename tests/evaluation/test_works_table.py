import pytest

from artrec.errors import ArtrecError, CatalogueError
from artrec.evaluation.works_table import open_catalogue


def test_a_table_becomes_a_catalogue(tmp_path):
    file = tmp_path / "works.csv"
    file.write_text('work_id,title,description,tags,creator_id\n7,"One, two",Long text,sea; boat; sea,c1\n8,,,,\n\n', "utf-8")
    first, second = open_catalogue(file)
    assert (first.artwork_id, first.title, first.artist, first.subjects) == ("7", "One, two", "c1", ("sea", "boat"))
    assert (second.title, second.description, second.subjects) == ("Untitled", "", ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title\nA\n", "no column work_id"),
        ("work_id\n", "holds no works"),
        ("", "no column work_id"),
        ("work_id,title\n1,A\n1,B\n", "used before"),
        ("work_id,title\n../etc,A\n", "artwork_id"),
    ],
)
def test_tables_that_are_none_say_why(tmp_path, text, said):
    file = tmp_path / "works.csv"
    file.write_text(text)
    with pytest.raises(CatalogueError, match=said):
        open_catalogue(file)


def test_too_large_or_absent(tmp_path, monkeypatch):
    with pytest.raises(ArtrecError, match="cannot be read"):
        open_catalogue(tmp_path / "none.csv")
    monkeypatch.setattr("artrec.evaluation.works_table.MAX_BYTES", 5)
    (tmp_path / "works.csv").write_text("work_id\n1\n")
    with pytest.raises(ArtrecError, match="larger"):
        open_catalogue(tmp_path / "works.csv")


def test_records_in_the_schema_are_read_as_ever(tmp_path):
    (tmp_path / "works.jsonl").write_text('{"artwork_id": "a", "title": "A"}\n')
    assert len(open_catalogue(tmp_path / "works.jsonl")) == len(open_catalogue(tmp_path)) == 1
