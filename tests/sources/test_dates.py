"""Dates as museums write them, by a table checked by hand, and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec.sources.dates import EARLIEST, LATEST, undated, years
from artrec.sources.periods import EGYPTIAN_DYNASTIES, PERIODS

TABLE = {
    "ca. 1650": (1650, 1650), "c.1790-1800": (1790, 1800), "c. 1880–90": (1880, 1890), "1888-9": (1888, 1889),
    "1907/08": (1907, 1908), "1907 or 1908": (1907, 1908), "1503–1506": (1503, 1506), "1890?": (1890, 1890),
    "[1765]": (1765, 1765), "probably 1770s": (1770, 1779), "1840s": (1840, 1849), "1600s": (1600, 1699),
    "1920s": (1920, 1929), "1500s-1600s": (1500, 1699), "19th century": (1801, 1900), "early 19th century": (1801, 1833),
    "late 15th–early 16th century": (1468, 1533), "2nd half of the 17th century": (1651, 1700),
    "mid-17th century": (1634, 1667), "4th quarter 19th century": (1876, 1900),
    "1st quarter of the 20th century": (1901, 1925), "12th-13th century": (1101, 1300),
    "late 19th-early 20th century": (1868, 1933), "late 5th century BC": (-433, -401),
    "1st half 6th century BC": (-600, -551), "5th-4th century BCE": (-500, -301), "4th c. BC": (-400, -301),
    "1st century BC-1st century AD": (-100, 100), "ca. 500 BC-AD 100": (-500, 100), "300 BCE": (-300, -300),
    "3000 B.C.E.": (-3000, -3000), "10,000 BCE": (-10000, -10000), "1600-1550 BCE": (-1600, -1550), "AD 79": (79, 79),
    "79 AD": (79, 79), "3rd millennium BC": (-3000, -2001), "before 1900": (None, 1900), "after 1850": (1850, None),
    "Ming dynasty (1368–1644)": (1368, 1644), "Ming dynasty": (1368, 1644), "Edo period, 18th century": (1701, 1800),
    "Edo period": (1615, 1868), "ca. 1479-1425 BC (New Kingdom, 18th Dynasty)": (-1479, -1425),
    "1920 (printed 1965)": (1920, 1920), "1825, reprinted 1874": (1825, 1825), "published 1809": (1809, 1809),
    "1855-01-01": (1855, 1855), "March 15, 1888": (1888, 1888), "15 March 1888": (1888, 1888), "15th Feb 1920": (1920, 1920),
    "June 1965": (1965, 1965), "Summer 1965": (1965, 1965), "between 1900 and 1910": (1900, 1910), "um 1500": (1500, 1500),
    "18. Jahrhundert": (1701, 1800), "Anfang 18. Jahrhundert": (1701, 1733), "XVIIIe siècle": (1701, 1800),
    "s. XVI": (1501, 1600), "11th century AH/AD 17th century": (1601, 1700), "AH 1084/AD 1673": (1673, 1673),
    "1945–ongoing": (1945, None), "designed 1923, made 1930": (1923, 1930), "1066": (1066, 1066),
    "before 1st century BC": (None, -100), "1200/1250": (1200, 1250), "n.d.": None, "undated": None, "": None, "?": None,
    "not dated": None, "12 x 14 cm": None, "unknown": None, "20th Dynasty": (-1186, -1069), "s.d.": None,
    "date unknown": None, "c. mid- to late-19th century": (1834, 1900), "early-mid 19th century": (1801, 1867),
    "mid to late 18th century": (1734, 1800), "early to mid-20th century": (1901, 1967), "March 27-29, 1956": (1956, 1956),
    "May 26 - 28,1969": (1969, 1969), "June 21,1958": (1958, 1958), "8/1959": (1959, 1959), "6/1/1795": (1795, 1795),
    "11/13/1918": (1918, 1918), "1963, printed 1980": (1963, 1963), "1936, printed 1970s": (1936, 1936),
    "1763, published 1800–07": (1763, 1763), "1916, printed posthumously": (1916, 1916), "no earlier than 1906": (1906, None),
    "not before 1906": (1906, None), "no later than 1850": (None, 1850), "after 1945, before 1957": (1945, 1957),
    "18th century, after 1713": (1713, 1800), "Ming Dynasty, 1368-1644, 16th century": (1501, 1600),
    "Edo period (1603-1867), 19th century": (1801, 1900), "Shang Period (c. 1600-1045 BCE), c. 1100 BCE": (-1100, -1100),
    "late 10th century AH/AD 16th century-early 11th century AH/AD 17th century": (1568, 1633),
    "late 11th century AH/AD 17th-12th century AH/AD 18th century": (1668, 1800),
    "mid 12th century AH/AD 18th century": (1734, 1767), "4th quarter 8th century AH/AD 14th century": (1376, 1400),
    "10th century AH/AD 16th": (1501, 1600), "7192 AM/AD 1684": (1684, 1684), "1098 AH/AD1689": (1689, 1689),
    "1246-1247 (AH 644)": (1246, 1247), "Blade: 1761 (AH 1175); Replacement hilt: 18th-19th century": (1761, 1761),
    "1121 AH/AD 1717": (1717, 1717), "13th century AH/AD 19th (?)": (1801, 1900), "25th-10th millenium BC": (-25000, -9001),
    "late 2nd millenium BC": (-1333, -1001), "early 1st millennium BC": (-1000, -668),
    "4th-3rd millennium BCE": (-4000, -2001), "18th": (1701, 1800), "18th-19th centry": (1701, 1900),
    "late19th century": (1868, 1900), "late 12th-early13th century": (1168, 1233), "3rd quater 18th century": (1751, 1775),
    "ca. 1388-1351/50 BC": (-1388, -1350), "Copy: AD 1st century; Original: 332-30 BC": (1, 100),
    "Ivory: 3rd quarter 14th century; Hinges: 19th century": (1351, 1375),
    "ca. 1260; miniature additions ca. 1290-1300": (1260, 1260),
    "late 15th-early 16th century, with 18th century additions": (1468, 1533), "746-655 BC": (-746, -655),
    "nineteenth century": (1801, 1900), "late nineteenth century": (1868, 1900),
    "first half of the nineteenth century": (1801, 1850), "first century BCE": (-100, -1), "twentieth century": (1901, 2000),
    "early seventeenth–mid eighteenth century": (1601, 1767), "second quarter of the 16th century": (1526, 1550),
    "third quarter of the fifth century BC": (-450, -426), "1960s-70s": (1960, 1979), "1840s–50s": (1840, 1859),
    "mid-1960s": (1963, 1966), "late 1960s": (1967, 1969), "early 1620s": (1620, 1622), "1990's": (1990, 1999),
    "late 1800s": (1867, 1899), "pre-1900": (None, 1900), "post-1945": (1945, None), "by 1850": (None, 1850),
    "since 1945": (1945, None), "from 1900 to 1910": (1900, 1910), "1912–present": (1912, None),
    "1980 or later": (1980, None), "-500": (-500, -500), "-0499/-0400": (-499, -400), "-44": (-44, -44), "198X": (1980, 1989),
    "19XX": (1900, 1999), "1984?": (1984, 1984), "1984~": (1984, 1984), "18--": (1800, 1899),
    "Dynasty 18, reign of Hatshepsut": (-1550, -1295), "18th Dynasty": (-1550, -1295), "26th-30th Dynasty": (-664, -343),
    "New Kingdom": (-1550, -1069), "Qing dynasty, Kangxi period (1662–1722)": (1662, 1722),
    "Qing dynasty, Qianlong period": (1736, 1795), "early Edo period": (1615, 1699), "late Qing dynasty": (1823, 1911),
    "Han dynasty (206 BCE–220 CE)": (-206, 220), "Old Kingdom, Dynasty 5, ca. 2400 BC": (-2400, -2400),
    "Muromachi period": (1392, 1573), "Mughal period": (1526, 1857), "Victorian": (1837, 1901),
    "Early Bronze Age": (-3300, -2601), "vers 1650": (1650, 1650), "XIXe siècle": (1801, 1900),
    "fin du XVIIIe siècle": (1768, 1800), "première moitié du XIXe siècle": (1801, 1850),
    "2e moitié du XVIe siècle": (1551, 1600), "XVIIe-XVIIIe siècle": (1601, 1800), "IIe siècle av. J.-C.": (-200, -101),
    "um 1650": (1650, 1650), "Mitte des 18. Jahrhunderts": (1734, 1767), "Ende 15. Jh.": (1468, 1500),
    "2. Hälfte des 17. Jahrhunderts": (1651, 1700), "1. Viertel 16. Jh.": (1501, 1525), "16./17. Jh.": (1501, 1700),
    "5. Jh. v. Chr.": (-500, -401), "vor 1600": (None, 1600), "nach 1600": (1600, None), "1920er Jahre": (1920, 1929),
    "12.05.1918": (1918, 1918), "seconda metà del XVI secolo": (1551, 1600), "prima metà del XV secolo": (1401, 1450),
    "circa 1500": (1500, 1500), "sec. XVI": (1501, 1600), "inizio del XVI secolo": (1501, 1533), "I secolo a.C.": (-100, -1),
    "fine XV secolo": (1468, 1500), "siglo XVII": (1601, 1700), "segunda mitad del siglo XVIII": (1751, 1800),
    "hacia 1800": (1800, 1800), "finales del siglo XIX": (1868, 1900), "principios del siglo XX": (1901, 1933),
    "s. XV-XVI": (1401, 1600), "17e eeuw": (1601, 1700), "eerste helft 17e eeuw": (1601, 1650), "ca. 1660": (1660, 1660),
    "A.D. 79": (79, 79), "50-70 AD": (50, 70), "AD 100-200": (100, 200), "ca. A.D. 1st century": (1, 100),
    "30-27 BC": (-30, -27), "500 BP": (1450, 1450), "300 BCE–200 CE": (-300, 200),
    "second half of the 4th century BC": (-350, -301), "300-250 B.C.": (-300, -250), "ca. 2nd c. CE": (101, 200),
    "c. 100 B.C.–A.D. 50": (-100, 50), "1889-1890": (1889, 1890), "1912, 1913": (1912, 1913),
    "designed 1923; made 1930": (1923, 1930), "modeled 1880, cast 1923": (1880, 1923),
    "1953 (designed) c. 1977 (manufactured)": (1953, 1977), "(1920)": (1920, 1920), "1765 (dated)": (1765, 1765),
    "Summer-Fall 1965": (1965, 1965), "December 1951 - January 1952": (1951, 1952), "7 March 1921": (1921, 1921),
    "March 1921": (1921, 1921), "8 to 10 May 1921": (1921, 1921), "May–June 1890": (1890, 1890),
    "2004-05-12T10:00:00Z": (2004, 2004), "2004-05": (2004, 2005), "1899-01": (1899, 1899), "1,500 BCE": (-1500, -1500),
    "ca. 10,500–300 BCE": (-10500, -300), "between about 1880 and 1890": (1880, 1890), "1850 to 1860": (1850, 1860),
    "s.f.": None, "???": None, "no. 5": None, "modern": None, "30 x 40 cm": None, "page 12": None, "1700-1": (1700, 1701),
    "1799/1800": (1799, 1800), "ca 1600?": (1600, 1600), "1884–85 (?)": (1884, 1885), "after c. 1510": (1510, None),
    "20th century, before 1945": (1901, 1945), "1650/1660–1670": (1650, 1670), "1478 (?), restored 1985": (1478, 1478),
    "885-886 AH/AD 1481": (1481, 1481), "12th-13th century AH/AD 18th-19th century": (1701, 1900),
    "1189-1224 AH/AD 1775-1809": (1775, 1809), "AD 14-68": (14, 68), "c. 50-320": (50, 320),
    "1st third 14th century": (1301, 1333), "New Kingdom, 18th Dynasty or early 19th Dynasty, c. 1570-1200 ": (-1570, -1200),
    "late 13th century AH/AD 19th century-early 14th century AH/AD 20th century": (1868, 1933),
    "dated AH 1263/1846–47 CE": (1846, 1847), "A.H. 1235/ A.D. 1819–20": (1819, 1820),
    "dated 1250 AH (AD 1834-35)": (1834, 1835), "AH 844/1440–41 CE": (1440, 1441), "third century AD": (201, 300),
    "last third of the 19th century": (1868, 1900),
}  # fmt: skip


@pytest.mark.parametrize("text", TABLE)
def test_by_hand(text):
    assert years(text) == TABLE[text]


def test_a_year_of_the_hijra_is_turned_into_the_common_era():
    assert years("AH 1084") == years("1084 AH") == (1673, 1673)
    assert years("12th century AH") == (1690, 1786)


@pytest.mark.parametrize("text", ["n.d.", "(n.d.)", "N. D.", "undated", "date not known", "", "?", "o. J."])
def test_what_says_that_there_is_no_date(text):
    assert undated(text) and years(text) is None


@pytest.mark.parametrize("text", ["modern", "1900", "no. 5"])
def test_what_says_something_else(text):
    assert not undated(text)


WORDS = [
    "ca.",
    "19th",
    "century",
    "1850",
    "BC",
    "AH",
    "/",
    "-",
    "late",
    "(",
    ")",
    ",",
    ";",
    "XV",
    "siècle",
    "Ming",
    "May",
    "3",
    "s",
    "or later",
]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)))
def test_any_text_is_read_or_not_and_in_order(text):
    found = years(text)
    if found is not None:
        known = [y for y in found if y is not None]
        assert known and all(EARLIEST <= y <= LATEST for y in known)
        assert len(known) == 1 or found[0] <= found[1]


@given(
    st.integers(100, 2100),
    st.integers(0, 150),
    st.sampled_from(["ca. ", "c. ", "", "about ", "um ", "vers "]),
    st.sampled_from("-–/"),
)
def test_a_range_is_its_two_years(start, length, about, dash):
    end = min(start + length, 2190)
    assert years(f"{about}{start}{dash}{end}") == (start, end)
    assert years(f"{about}{end}{dash}{start} BCE") == (-end, -start)


@given(st.integers(1100, 2090), st.integers(0, 99))
def test_a_second_year_may_be_cut_short(start, last):
    end = start // 100 * 100 + last
    if end > start and last >= 10:
        assert years(f"{start}–{last}") == (start, end)


@given(st.integers(1, 20))
def test_a_century_is_a_hundred_years_and_its_halves_cover_it(n):
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(n, "th")
    whole = years(f"{n}{suffix} century")
    assert whole == ((n - 1) * 100 + 1, n * 100)
    first, second = years(f"first half of the {n}{suffix} century"), years(f"second half of the {n}{suffix} century")
    assert (first[0], second[1]) == whole and first[1] + 1 == second[0]
    bce = years(f"{n}{suffix} century BC")
    assert bce == (-n * 100, -(n - 1) * 100 - 1)
    early, late = years(f"early {n}{suffix} century BC"), years(f"late {n}{suffix} century BC")
    assert (early[0], late[1]) == bce and early[1] < late[0] < 0


@pytest.mark.parametrize("name", PERIODS)
def test_every_named_period_is_known_by_its_name_alone(name):
    start, end = PERIODS[name]
    assert start < end and years(f"{name.title()} period") == (start, end)


def test_dynasties_follow_one_another():
    spans = list(EGYPTIAN_DYNASTIES.values())
    assert len(spans) == 31 and all(start < end < 0 for start, end in spans)
    assert years("Dynasty 12") == years("12th Dynasty") == EGYPTIAN_DYNASTIES[12]
