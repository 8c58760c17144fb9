"""Dates as museums write them, by a table checked by hand, and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec.sources.dates import years

TABLE = {
    "ca. 1650": (1650, 1650), "c.1790-1800": (1790, 1800), "c. 1880–90": (1880, 1890), "1888-9": (1888, 1889),
    "1907/08": (1907, 1908), "1907 or 1908": (1907, 1908), "1503–1506": (1503, 1506), "1890?": (1890, 1890),
    "[1765]": (1765, 1765), "probably 1770s": (1770, 1779), "1840s": (1840, 1849), "1600s": (1600, 1699),
    "1920s": (1920, 1929), "1500s-1600s": (1500, 1699), "19th century": (1801, 1900), "early 19th century": (1801, 1833),
    "late 15th–early 16th century": (1468, 1533), "2nd half of the 17th century": (1651, 1700),
    "mid-17th century": (1634, 1667), "4th quarter 19th century": (1876, 1900), "1st quarter of the 20th century": (1901, 1925),
    "12th-13th century": (1101, 1300), "late 19th-early 20th century": (1868, 1933), "late 5th century BC": (-433, -401),
    "1st half 6th century BC": (-600, -551), "5th-4th century BCE": (-500, -301), "4th c. BC": (-400, -301),
    "1st century BC-1st century AD": (-100, 100), "ca. 500 BC-AD 100": (-500, 100), "300 BCE": (-300, -300),
    "3000 B.C.E.": (-3000, -3000), "10,000 BCE": (-10000, -10000), "1600-1550 BCE": (-1600, -1550), "AD 79": (79, 79),
    "79 AD": (79, 79), "3rd millennium BC": (-3000, -2001), "before 1900": (None, 1900), "after 1850": (1850, None),
    "Ming dynasty (1368–1644)": (1368, 1644), "Ming dynasty": (1368, 1644), "Edo period, 18th century": (1701, 1800),
    "Edo period": (1615, 1868), "ca. 1479-1425 BC (New Kingdom, 18th Dynasty)": (-1479, -1425),
    "1920 (printed 1965)": (1920, 1920), "1825, reprinted 1874": (1825, 1874), "published 1809": (1809, 1809),
    "1855-01-01": (1855, 1855), "March 15, 1888": (1888, 1888), "15 March 1888": (1888, 1888), "15th Feb 1920": (1920, 1920),
    "June 1965": (1965, 1965), "Summer 1965": (1965, 1965), "between 1900 and 1910": (1900, 1910), "um 1500": (1500, 1500),
    "18. Jahrhundert": (1701, 1800), "Anfang 18. Jahrhundert": (1701, 1733), "XVIIIe siècle": (1701, 1800),
    "s. XVI": (1501, 1600), "11th century AH/AD 17th century": (1601, 1700), "AH 1084/AD 1673": (1673, 1673),
    "1945–ongoing": (1945, 1945), "designed 1923, made 1930": (1923, 1930), "1066": (1066, 1066),
    "before 1st century BC": (None, -100), "1200/1250": (1200, 1250), "n.d.": None, "undated": None, "": None, "?": None,
    "not dated": None, "12 x 14 cm": None, "unknown": None, "20th Dynasty": None, "s.d.": None, "date unknown": None,
}  # fmt: skip


@pytest.mark.parametrize("text", TABLE)
def test_by_hand(text):
    assert years(text) == TABLE[text]


def test_a_year_of_the_hijra_is_turned_into_the_common_era():
    assert years("AH 1084") == (1673, 1673) and years("1084 AH") == (1673, 1673)


@given(st.text(max_size=60))
def test_any_text_is_read_or_not_and_in_order(text):
    found = years(text)
    assert found is None or (any(y is not None for y in found))
    if found and None not in found:
        assert found[0] <= found[1]


@given(st.integers(100, 2100), st.integers(0, 150), st.sampled_from(["ca. ", "c. ", "", "about "]), st.sampled_from("-–/"))
def test_a_range_is_its_two_years(start, length, about, dash):
    end = min(start + length, 2190)
    assert years(f"{about}{start}{dash}{end}") == (start, end)
    assert years(f"{about}{end}{dash}{start} BCE") == (-end, -start)


@given(st.integers(1, 20))
def test_a_century_is_a_hundred_years_and_its_halves_cover_it(n):
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(n, "th")
    whole = years(f"{n}{suffix} century")
    assert whole == ((n - 1) * 100 + 1, n * 100)
    first, second = years(f"first half of the {n}{suffix} century"), years(f"second half of the {n}{suffix} century")
    assert (first[0], second[1]) == whole and first[1] + 1 == second[0]
    bce = years(f"{n}{suffix} century BC")
    assert bce == (-n * 100, -(n - 1) * 100 - 1)
