"""Dates as museums write them → years: "ca. 1650", "early 19th century", "Ming dynasty (1368–1644)", "5th–4th century BCE".

A text is read as a row of terms (a year, a decade, a century, a millennium, a named period), each with its span of years;
words before a term narrow it ("late", "second half of"), and the first term to the last make the range. Years before the
common era are negative. dateparser and its like read a day of the calendar, and edtf a notation of its own; neither reads
these, so this is written here.
"""

import re
import unicodedata
from functools import lru_cache

Years = tuple[int | None, int | None]
LONGEST = 300  # characters of a date that are read
EARLIEST, LATEST = -500_000, 2_200

PERIODS: dict[str, tuple[int, int]] = {
    "shang": (-1600, -1046), "western zhou": (-1046, -771), "eastern zhou": (-770, -256), "zhou": (-1046, -256),
    "warring states": (-475, -221), "qin": (-221, -206), "western han": (-206, 9), "eastern han": (25, 220), "han": (-206, 220),
    "six dynasties": (220, 589), "northern wei": (386, 534), "northern qi": (550, 577), "sui": (581, 618), "tang": (618, 907),
    "five dynasties": (907, 960), "liao": (907, 1125), "northern song": (960, 1127), "southern song": (1127, 1279),
    "song": (960, 1279), "jin": (1115, 1234), "yuan": (1271, 1368), "ming": (1368, 1644), "qing": (1644, 1911),
    "jomon": (-10500, -300), "yayoi": (-300, 300), "kofun": (300, 538), "asuka": (538, 710), "nara": (710, 794),
    "heian": (794, 1185), "kamakura": (1185, 1333), "nanbokucho": (1336, 1392), "muromachi": (1336, 1573),
    "momoyama": (1573, 1615), "edo": (1615, 1868), "meiji": (1868, 1912), "taisho": (1912, 1926), "showa": (1926, 1989),
    "goryeo": (918, 1392), "koryo": (918, 1392), "joseon": (1392, 1910), "choson": (1392, 1910), "silla": (-57, 935),
    "predynastic": (-5000, -3000), "old kingdom": (-2686, -2181), "first intermediate period": (-2181, -2055),
    "middle kingdom": (-2055, -1650), "second intermediate period": (-1650, -1550), "new kingdom": (-1550, -1069),
    "third intermediate period": (-1069, -664), "late period": (-664, -332), "ptolemaic": (-332, -30),
    "cycladic": (-3200, -2000), "minoan": (-2700, -1450), "mycenaean": (-1600, -1100), "geometric": (-900, -700),
    "archaic": (-700, -480), "hellenistic": (-323, -31), "roman imperial": (-27, 476), "byzantine": (330, 1453),
    "achaemenid": (-550, -330), "parthian": (-247, 224), "sasanian": (224, 651), "neo-assyrian": (-911, -609),
    "gupta": (320, 550), "mauryan": (-322, -185), "kushan": (30, 375), "pala": (750, 1174), "chola": (850, 1279),
    "mughal": (1526, 1857), "safavid": (1501, 1736), "timurid": (1370, 1507), "qajar": (1789, 1925), "ottoman": (1299, 1922),
    "mamluk": (1250, 1517), "fatimid": (909, 1171), "abbasid": (750, 1258), "umayyad": (661, 750), "seljuk": (1037, 1194),
    "ilkhanid": (1256, 1353), "carolingian": (750, 900), "ottonian": (919, 1024), "inca": (1438, 1533), "aztec": (1325, 1521),
    "moche": (100, 800), "nasca": (-100, 800), "olmec": (-1500, -400), "late classic": (600, 900), "preclassic": (-2000, 250),
    "neolithic": (-10000, -2000), "bronze age": (-3300, -1200), "iron age": (-1200, -500), "victorian": (1837, 1901),
    "edwardian": (1901, 1910), "regency": (1811, 1820), "georgian": (1714, 1837),
}  # fmt: skip

_ROMAN = {"i": 1, "v": 5, "x": 10}
_UNKNOWN = re.compile(
    r"^(?:n\.?\s?d\.?|s\.?\s?d\.?|o\.?\s?j\.?|undated|unknown|not dated|no date|date unknown|sin fecha|-+|\?*)$"
)
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?"
    "|oct|nov|dec|spring|summer|autumn|fall|winter"
)
_CENTURY = r"(?:century|centuries|cent\b\.?|c\b\.?|jahrhunderts?|jh\b\.?|jhdt?\b\.?|si[eè]cles?|secolo|sec\b\.?|siglo|eeuw)"
_ERA = r"(?:b\.?\s?c\.?\s?e?\b\.?|v\.\s?chr\.?|av\.\s?j\.?-?c\.?|a\.\s?c\.|c\.?e\b\.?|a\.?d\b\.?|n\.\s?chr\.?)"
_PERIOD = "|".join(re.escape(name) for name in sorted(PERIODS, key=len, reverse=True))
_TERM = re.compile(
    rf"(?P<iso>\b\d{{4}}-\d{{2}}-\d{{2}}\b)"
    rf"|(?P<day>\b\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:{_MONTHS})\b\.?,?)|(?P<month>\b(?:{_MONTHS})\b\.?(?:\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!\s*{_CENTURY})(?=,|\s+\d{{3,4}}\b))?)"
    rf"|(?P<millennium>\b\d{{1,2}})(?:st|nd|rd|th)\s+millenni(?:um|a)"
    rf"|(?:s\.|siglo|secolo|sec\.)\s*(?P<after>[ivx]{{1,6}})\b"
    rf"|\b(?P<ordinal>\d{{1,2}})\s*(?:st|nd|rd|th|er|ème|eme|e|de|º|°|\.)(?![a-z\d])"
    rf"|\b(?P<roman>[ivx]{{1,6}})(?:e|ème|º)?\s+(?={_CENTURY})"
    r"|\b(?P<decade>\d{3}0)(?:'s|s|er)\b"
    r"|(?<![\d,])(?<!\d\.)(?P<year>\d{1,3}(?:,\d{3})+|\d{1,6})(?![\d]|\.\d|\s*(?:x|×|cm|mm|in\b|h\b))"
    rf"|\b(?P<period>{_PERIOD})\b"
)
_OF = r"\W*(?:(?:of|des|du|del|de)\b)?\W*(?:the\b)?\W*$"
_NARROW = tuple(
    (re.compile(rf"(?:{words}){_OF}"), part)
    for words, part in (
        ("early|beginning|anfang|début|inizio?|principios|frühes", (0, 1 / 3)),
        ("mid|middle|mitte|milieu|metà|mediados", (1 / 3, 2 / 3)),
        ("late|end|ende|fin|fine|finales|spätes", (2 / 3, 1)),
        (r"(?:first|1st|1\.|erste)\s+(?:half|hälfte)", (0, 1 / 2)),
        (r"(?:second|2nd|2d|2\.|zweite|last)\s+(?:half|hälfte)", (1 / 2, 1)),
        (r"(?:first|1st)\s+third", (0, 1 / 3)),
        (r"(?:last|third|3rd)\s+third", (2 / 3, 1)),
        (r"(?:first|1st)\s+quarter", (0, 1 / 4)),
        (r"(?:second|2nd)\s+quarter", (1 / 4, 1 / 2)),
        (r"(?:third|3rd)\s+quarter", (1 / 2, 3 / 4)),
        (r"(?:fourth|4th|last)\s+quarter", (3 / 4, 1)),
    )
)
_BEFORE = re.compile(r"(?:before|by|until|up to|no later than|vor|avant|antes de|prima del?)\W*(?:ca?\.|about|the)?\W*$")
_AFTER = re.compile(r"(?:after|from|since|nach|après|después de|dopo il)\W*(?:ca?\.|about|the)?\W*$")


@lru_cache(maxsize=50_000)
def years(text: str) -> Years | None:
    """The years that a date's text means: (first, last), either None where it is open ("before 1900"); None where it names
    none. Never raises, and first ≤ last."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    plain = re.sub(r"[‐‑‒–—−]", "-", plain).replace("’", "'").replace("[", "").replace("]", "").strip(" .;,?")
    if _UNKNOWN.match(plain):
        return None
    common = re.search(r"\bah\b.*?(?:/|=|\()\s*(?=.*\b(?:ad|ce)\b)(.*)$", plain)
    if common:  # "11th century AH/AD 17th century": the second half says it in the other calendar
        plain = common.group(1)
    elif re.search(r"\ba\.?h\b", plain):
        found = _read(re.sub(r"\ba\.?h\b\.?", " ", plain))
        return _tidy(tuple(None if y is None else round(y * 0.970229 + 621.5643) for y in found)) if found else None
    outside = re.sub(r"\([^)]*\)", " ", plain)
    first = _read(outside, periods=False)
    inside = [_read(part, periods=False) for part in re.findall(r"\(([^)]*)\)", plain)]
    found = first or next((each for each in inside if each), None) or _read(plain)
    return _tidy(found) if found else None


def _tidy(found: Years) -> Years | None:
    known = [y for y in found if y is not None]
    if not known or not all(EARLIEST <= y <= LATEST for y in known):
        return None
    if len(known) == 2 and known[0] > known[1]:
        return known[1], known[0]
    return found


def _read(text: str, periods: bool = True) -> Years | None:
    """The range from the first term of a text to the last."""
    spans: list[list] = []  # [start, end, era as written, kind, text before it]
    last = 0
    hundreds = bool(re.search(_CENTURY, text))
    for match in _TERM.finditer(text):
        kind = match.lastgroup
        if kind in ("day", "month"):
            continue
        if kind == "ordinal" and (not hundreds or re.match(r"\s*(?:half|third|quarter|hälfte|dynasty)", text[match.end() :])):
            continue
        if kind == "period" and not periods:
            continue
        span = _span(kind, match.group(kind))
        if span is None:
            continue
        before, after = text[last : match.start()], text[match.end() :]
        era = _era(before, after)
        last = match.end()
        spans.append([*span, era, kind, before])
    if not spans:
        return None
    for at in range(len(spans) - 2, -1, -1):  # "5th-4th century BCE": an era said once holds for what leads up to it
        if spans[at][2] is None and spans[at + 1][2] == "bce" and spans[at][3] != "period":
            spans[at][2] = "bce"
    ranges: list[Years] = []
    for at, (start, end, era, kind, before) in enumerate(spans):
        if era == "bce" and kind != "period":
            start, end = -end, -start
        if kind == "year" and at and ranges and (short := _shortened(ranges[-1], spans[at - 1], before, end, era)):
            start = end = short
        if kind != "year":
            for words, (low, high) in _NARROW:
                if words.search(before):
                    length = end - start + 1
                    start, end = start + round(length * low), start + round(length * high) - 1
                    break
        if at == 0 and _BEFORE.search(before):
            ranges.append((None, end if kind == "year" else start))
        elif at == 0 and _AFTER.search(before):
            ranges.append((start if kind == "year" else end, None))
        else:
            ranges.append((start, end))
    if len(ranges) == 1 or ranges[0][0] is None:
        return ranges[0]
    start = ranges[0][0]
    ends = [r[1] for r in ranges if r[1] is not None]
    return (start, ends[-1]) if ends else ranges[0]


def _span(kind: str, said: str) -> tuple[int, int] | None:
    if kind == "iso":
        return int(said[:4]), int(said[:4])
    if kind == "period":
        return PERIODS[said]
    if kind == "decade":
        return int(said), int(said) + (99 if int(said) % 100 == 0 and int(said) < 1900 else 9)  # "1600s": the century
    if kind == "year":
        value = int(said.replace(",", ""))
        return (value, value) if value else None
    if kind in ("roman", "after"):
        value = _roman(said)
        if not 1 <= value <= 21:
            return None
        return (value - 1) * 100 + 1, value * 100
    value = int(said)
    length = 1_000 if kind == "millennium" else 100
    if not 1 <= value <= (10 if kind == "millennium" else 30):
        return None
    return (value - 1) * length + 1, value * length


def _roman(said: str) -> int:
    digits = [_ROMAN[letter] for letter in said]
    return sum(-d if at + 1 < len(digits) and d < digits[at + 1] else d for at, d in enumerate(digits))


def _era(before: str, after: str) -> str | None:
    """What is written beside a term: "bce", "ce" or nothing."""
    found = re.match(rf"\s*(?:{_CENTURY})?\s*,?\s*({_ERA})", after) or re.search(
        r"\b(a\.?d\b\.?|b\.?c\b\.?)\s*(?:ca?\.)?\s*$", before
    )
    if not found:
        return None
    return "bce" if re.match(r"b|v\.|av|a\.\s?c", found.group(1)) else "ce"


def _shortened(earlier: Years, span: list, before: str, value: int, era: str | None) -> int | None:
    """The second year of "1880-90" in full, or None where it is a year as it stands."""
    if span[3] != "year" or not re.fullmatch(r"\s*(?:-|/|or|to|bis|and|&)\s*", before) or era == "bce":
        return None
    first = earlier[0]
    if first is None or not first >= 100 or value >= 100 or value < 1:
        return None
    digits = 10 if value < 10 else 100
    full = first // digits * digits + value
    return full if full >= first else None
