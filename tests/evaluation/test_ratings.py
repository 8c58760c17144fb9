import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec.errors import ArtrecError
from artrec.evaluation.ratings import load_ratings, scale_of, seconds


@pytest.fixture
def write(tmp_path):
    def make(text: str | bytes):
        file = tmp_path / "ratings.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return make


def test_likes_with_times_in_several_formats(write):
    file = write(
        "timestamp,user_id,work_id\n2018-12-04 18:34:56.223643+01,ann,b\n2018-12-04T17:34:57Z,bob,a\n"
        "1543944898,ann,a\n1543944899000,bob,b\n2018-12-05,cy,a\n2018-12-04 17:35:00.1234567 UTC,cy,b\n"
    )
    found = load_ratings(file, ["a", "b"])
    assert found.users == ("ann", "bob", "cy") and found.works == ("a", "b") and not found.left_out and not found.repeated
    data = found.interactions
    assert data.timed and data.scale is None
    np.testing.assert_allclose(data.times - 1_543_944_896, [0.223643, 1, 2, 3, 4.123456, 23_104], atol=1e-6)


def test_the_last_of_a_pair_counts_and_the_others_are_counted(write):
    found = load_ratings(write("user,item,rating\nann,a,2\nann,a,5\nann,b,1\nann,a,4\n"))
    assert found.repeated == 2 and found.interactions.values.tolist() == [4, 1]
    late = load_ratings(write("user_id,work_id,rating,timestamp\nann,a,2,2020-01-02\nann,a,5,2020-01-01\n"))
    assert late.interactions.values.tolist() == [2] and late.repeated == 1


def test_what_cannot_be_used_is_left_out_counted_and_named(write):
    found = load_ratings(
        write("visitor_id,artwork_id,rating\nann,a,3\nann,nowhere,3\n,a,3\nbob,a,9\nbob,b,good\nbob,b,nan\n\ncy,b,1\n"),
        ["a", "b"],
        (1, 5),
    )
    assert len(found.interactions) == 2 and sum(found.left_out.values()) == 5
    assert found.left_out["not a work of the catalogue"] == 1 and found.left_out["off the scale from 1 to 5"] == 1
    assert found.left_out["not a rating"] == 2 and found.left_out["no person"] == 1
    assert found.examples[0] == "line 3: not a work of the catalogue ('nowhere')"


def test_a_time_of_two_meanings_is_not_guessed(write):
    found = load_ratings(write("user_id,work_id,timestamp\nann,a,03/04/2019\nann,b,2019-04-03\n"))
    assert len(found.interactions) == 1 and "2026-11-05" in next(iter(found.left_out))


def test_missing_times_leave_the_data_untimed(write):
    found = load_ratings(write("user_id,work_id,timestamp\nann,a,\nann,b,2019-04-03\n"))
    assert len(found.interactions) == 2 and not found.interactions.timed


@pytest.mark.parametrize(
    ("values", "scale"),
    [([1, 5], (1, 5)), ([2, 7], (1, 7)), ([0, 5], (0, 10)), ([10, 90], (0, 100)), ([-3, 200], (-3, 200))],
)
def test_the_scale_is_the_least_usual_one_that_holds_all(write, values, scale):
    lines = "".join(f"u{i},w{i},{value}\n" for i, value in enumerate(values))
    assert load_ratings(write("user_id,work_id,rating\n" + lines)).interactions.scale == scale


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no likes"),
        ("user_id,work_id\n", "holds no likes"),
        ("name,thing\nann,a\n", "no column user_id and no column work_id"),
        ("user_id,rating\nann,3\n", "no column work_id"),
        ("user_id,work_id\nann,elsewhere\n", "No line of ratings.csv can be used"),
        (b"user_id,work_id\n\xff\xfe,a\n", "not CSV in UTF-8"),
        ('user_id,work_id\n"' + "x" * 200_000 + '",a\n', "not CSV"),
    ],
)
def test_files_that_hold_nothing_say_why(write, text, said):
    with pytest.raises(ArtrecError, match=said):
        load_ratings(write(text), ["a"])


def test_a_file_that_is_not_there_or_too_large(tmp_path, write, monkeypatch):
    with pytest.raises(ArtrecError, match="cannot be read"):
        load_ratings(tmp_path / "none.csv")
    monkeypatch.setattr("artrec.evaluation.ratings.MAX_BYTES", 10)
    with pytest.raises(ArtrecError, match="larger than"):
        load_ratings(write("user_id,work_id\nann,a\n"))


def test_scales_as_people_write_them():
    assert scale_of("1-7") == scale_of(" 1 to 7 ") == (1, 7) and scale_of("-2.5..2.5") == (-2.5, 2.5)
    for bad in ("7", "7-1", "a-b", "1-7-9", ""):
        with pytest.raises(ArtrecError, match="not a scale"):
            scale_of(bad)


@given(st.text(max_size=40))
def test_no_text_of_a_time_is_too_much(text):
    assert isinstance(seconds(text), float)
