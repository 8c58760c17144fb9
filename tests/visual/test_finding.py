import pytest
from helpers_visual import encoded, plain

from artrec.errors import ArtrecError
from artrec.visual.finding import find_pictures, image_column


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "pictures"
    (root / "deep").mkdir(parents=True)
    for name in ("walters-7.jpg", "12.PNG", "deep/Night.webp", "notes.txt"):
        (root / name).write_bytes(encoded(plain()))
    (tmp_path / "secret.png").write_bytes(encoded(plain()))
    return root


def test_names_are_ids_or_their_last_part(folder):
    found = find_pictures(folder, ["walters-7", "tate-12", "night", "walters-99"])
    assert {work: file.name for work, file in found.items()} == {
        "walters-7": "walters-7.jpg", "tate-12": "12.PNG", "night": "Night.webp",
    }  # fmt: skip


def test_a_last_part_that_two_works_share_says_nothing(folder):
    assert find_pictures(folder, ["tate-12", "moma-12"]) == {}
    assert list(find_pictures(folder, ["12", "moma-12"])) == ["12"]


def test_a_column_names_files_and_never_leads_outside(folder, tmp_path):
    (folder / "out.png").symlink_to(tmp_path / "secret.png")
    named = {
        "a": "deep/Night.webp", "b": "../secret.png", "c": str(tmp_path / "secret.png"), "d": "out.png", "e": "notes.txt",
        "f": "absent.png", "g": "deep/../12.PNG", "h": "x\0y.png",
    }  # fmt: skip
    found = find_pictures(folder, "abcdefgh", named)
    assert {work: file.name for work, file in found.items()} == {"a": "Night.webp", "g": "12.PNG"}


def test_links_out_of_the_folder_are_not_followed(folder, tmp_path):
    (folder / "out.png").symlink_to(tmp_path / "secret.png")
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)
    (folder / "twin.png").symlink_to(folder / "12.PNG")
    assert list(find_pictures(folder, ["out", "secret", "twin"])) == ["twin"]


def test_no_folder_is_one_sentence(tmp_path):
    with pytest.raises(ArtrecError, match="no folder"):
        find_pictures(tmp_path / "absent", [])


def test_an_image_column(tmp_path):
    (table := tmp_path / "t.csv").write_text("\ufeffid,picture\na,x.png\nb,\n", encoding="utf-8")
    assert image_column(table, "id", "picture") == {"a": "x.png"}
    with pytest.raises(ArtrecError, match="no column 'photo'"):
        image_column(table, "id", "photo")
    with pytest.raises(ArtrecError, match="cannot be read"):
        image_column(tmp_path / "absent.csv", "id", "photo")
