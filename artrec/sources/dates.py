"""Dates as museums write them → years: "ca. 1650", "early 19th century", "Ming dynasty (1368–1644)", "5th–4th century BCE".

A text is cut into clauses; a clause is a row of terms (a year, a decade, a century, a millennium, a named period), each with
its span; words before a term narrow it ("late", "second half of"), the first term to the last make the clause's range, and the
clauses' ranges are joined, or narrowed where one says more than the other. Years before the common era are negative; a century
ends with its hundredth year. dateparser reads one day of the calendar, edtf and undate a notation of their own; none of them
reads these ranges, so this is written here.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from artrec.sources import date_words as written
from artrec.sources.periods import EGYPTIAN_DYNASTIES, PERIODS

Years = tuple[int | None, int | None]
LONGEST = 300  # characters of a date that are read
EARLIEST, LATEST = -500_000, 2_200


@dataclass(slots=True)
class _Term:
    """Its years as if of the common era; `era`: "bce", "ce", "bp" or None; `before`: the text since the term before."""

    start: int
    end: int
    era: str | None
    kind: str
    before: str


def undated(text: str) -> bool:
    """Whether a date's text only says that there is none ("n.d.", "unknown")."""
    return bool(written.UNKNOWN.fullmatch(text[:LONGEST].lower().strip(" .;,[]()")))


@lru_cache(maxsize=50_000)
def years(text: str) -> Years | None:
    """The years that a date's text means: (first, last), either None where it is open ("before 1900"); None where it names
    none. Never raises, and first ≤ last."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).lower().strip()
    if undated(plain):
        return None
    if found := _signed(plain):
        return found
    for form, to in written.FORMS:
        plain = form.sub(to, plain)
    if written.HIJRA.search(plain):  # the lunar years of the Hijra, where the text gives no other
        found = _clauses(written.HIJRA.sub(" ", plain), periods=False)
        return _tidy(tuple(None if y is None else round(y * 0.970229 + 621.5643) for y in found)) if found else None
    plain = plain.strip(" .;,?")
    outside, inside = re.sub(r"\([^)]*\)?", " ", plain), re.findall(r"\(([^)]*)", plain)
    found = _clauses(outside, periods=False) or next((f for each in inside if (f := _clauses(each, periods=False))), None)
    found = found or _clauses(outside) or next((f for each in inside if (f := _clauses(each))), None)
    if found and _descends(plain, found):
        found = -max(found), -min(found)
    return _tidy(found) if found else None


def agreed(text: str, start: int | None, end: int | None) -> Years:
    """The years that a museum gives beside a date's text, where they can be; those of the text where it gives none, where they
    are out of order or range, or have no year in common with it: a slip in a number is likelier than in words."""
    told = years(text) if text else None
    given = [y for y in (start, end) if y is not None]
    if not given or not all(EARLIEST <= y <= LATEST for y in given) or len(given) == 2 and given[0] > given[1]:
        return told or (None, None)
    if told is None:
        return start, end
    first, last = min(given), max(given)
    apart = told[0] is not None and last < told[0] or told[1] is not None and first > told[1]
    return told if apart else (start, end)


def _descends(plain: str, found: Years) -> bool:
    """Whether years are of before the common era though nobody says so: "New Kingdom, 1570-1200"."""
    if None in found or found[0] <= 0:
        return False
    named = [PERIODS[match[0]] for match in written.NAMED.finditer(plain)]
    return bool(named) and all(end < 0 for _, end in named) and not written.ANY_ERA.search(plain)


def _signed(plain: str) -> Years | None:
    """Years with a minus sign, as tables and EDTF write them: "-500", "-0499/-0400"."""
    found = re.fullmatch(r"-(\d{1,6})(?:\s*(?:/|\.\.|to|-)\s*(-?\d{1,6}))?", plain)
    return _tidy((-int(found[1]), int(found[2] or -int(found[1])))) if found else None


def _tidy(found: Years) -> Years | None:
    known = [y for y in found if y is not None]
    if not known or not all(EARLIEST <= y <= LATEST for y in known):
        return None
    return (known[1], known[0]) if len(known) == 2 and known[0] > known[1] else found


def _clauses(text: str, periods: bool = True) -> Years | None:
    """The joined range of the clauses that speak of the making; of the others only where no clause does."""
    main: list[Years] = []
    aside: list[Years] = []
    for at, clause in enumerate(written.CLAUSE.split(text)):
        found = _read(clause, periods)
        if found:
            (aside if written.ASIDE.search(clause) or at and written.LABEL.match(clause) else main).append(found)
    found = None
    for each in main or aside:
        found = each if found is None else _joined(found, each)
    return found


def _joined(one: Years, other: Years) -> Years:
    """Two ranges as one: the narrower where one lies in the other or is open, else from the first to the last."""
    lows = [EARLIEST - 1 if span[0] is None else span[0] for span in (one, other)]
    highs = [LATEST + 1 if span[1] is None else span[1] for span in (one, other)]
    low, high = max(lows), min(highs)
    if low > high or not (None in one or None in other or (low, high) in (one, other)):
        low, high = min(lows), max(highs)
    return (None if low < EARLIEST else low), (None if high > LATEST else high)


def _read(text: str, periods: bool) -> Years | None:
    """The range from the first term of a clause to the last."""
    terms = list(_terms(text, periods))
    for term, following in zip(terms[-2::-1], terms[:0:-1], strict=True):
        if (
            term.era is None
            and term.kind != "period"
            and (following.era == "bce" or not written.ERA_BEFORE.search(following.before))
        ):
            term.era = following.era  # "5th-4th century BCE": an era said once holds for what leads up to it
    ranges: list[Years] = []
    for at, term in enumerate(terms):
        span = _placed(at, terms, ranges)
        if span is None:
            continue
        start, end = span if term.kind == "year" else _narrowed(*span, term.before)
        if not ranges and written.BEFORE.search(term.before):
            ranges.append((None, end if term.kind == "year" else start))
        elif not ranges and written.AFTER.search(term.before):
            ranges.append((start if term.kind == "year" else end, None))
        else:
            ranges.append((start, end))
    if not ranges:
        return None
    if len(ranges) == 1 and None not in ranges[0] and re.search(r"\bor later\b", text):
        return ranges[0][0], None
    return ranges[0] if len(ranges) == 1 or ranges[0][0] is None else (ranges[0][0], ranges[-1][1])


def _placed(at: int, terms: list[_Term], ranges: list[Years]) -> tuple[int, int] | None:
    """A term's years with its era and with what an earlier term lends it, or None where it is no date."""
    term = terms[at]
    if term.kind == "tens":  # "1960s-70s"
        first = ranges[-1][0] if ranges else None
        if first is None or term.start < first % 100:
            return None
        return first // 100 * 100 + term.start, first // 100 * 100 + term.start + 9
    if term.kind == "period":
        return term.start, term.end
    if term.kind == "year":
        if at and ranges and (full := _shortened(ranges[-1][0], terms[at - 1], term)):
            return full, full
        if term.start < 100 and term.era is None and not _small(at, terms):
            return None
    if term.era == "bce":
        return -term.end, -term.start
    if term.era == "bp":  # before the present, which is 1950
        return 1950 - term.end, 1950 - term.start
    return (term.start, term.end) if term.start <= LATEST else None


def _small(at: int, terms: list[_Term]) -> bool:
    """Whether a number below 100 without an era is a year all the same: "AD 14-68", "50-320"; not a page or a count."""
    if at and terms[at - 1].era == "ce" and written.JOINS.fullmatch(terms[at].before):
        return True
    following = terms[at + 1] if at + 1 < len(terms) else None
    joined = following is not None and following.kind == "year" and following.start >= 100
    return joined and bool(written.JOINS.fullmatch(following.before))


def _shortened(first: int | None, earlier: _Term, term: _Term) -> int | None:
    """The second year of "1880-90", "1351/50 BC" in full, or None where it is a year as it stands."""
    if earlier.kind != "year" or term.start >= 100 or first is None or not written.JOINS.fullmatch(term.before):
        return None
    digits = 10 if term.start < 10 else 100
    if first >= 100 and term.era != "bce":
        full = first // digits * digits + term.start
    elif first <= -100 and "/" in term.before:
        full = -(-first // digits * digits + term.start)
    else:
        return None
    return full if full >= first else None


def _terms(text: str, periods: bool) -> Iterator[_Term]:
    last = 0
    units = list(written.UNITS.finditer(text))
    alone = written.ALONE.fullmatch(text)
    for match in written.TERM.finditer(text):
        kind, said = match.lastgroup, match[match.lastgroup]
        before, after = text[last : match.start()], text[match.end() :]
        length = 100
        if kind in ("ordinal", "roman", "after", "later"):
            unit = next((each for each in units if each.start() >= match.end() - 1), units[-1] if units else None)
            if kind in ("ordinal", "roman") and (unit is None and not alone or written.PART.match(after)):
                continue
            length = 1_000 if unit and unit["thousand"] else 100
        if kind in ("period", "dynasty", "dynastic"):
            if not periods:
                continue
            span = PERIODS.get(said) or EGYPTIAN_DYNASTIES.get(int(said) if said.isdigit() else 0)
            kind = "period"
        else:
            span = _span(kind, said, length)
        if span is not None:
            last = match.end()
            yield _Term(*span, _era(before, after), kind, before)


def _span(kind: str, said: str, length: int) -> tuple[int, int] | None:
    if kind == "decade":
        return int(said), int(said) + (99 if int(said) % 100 == 0 and int(said) < 1900 else 9)  # "1600s": the century
    if kind in ("year", "tens"):
        return (int(said), int(said)) if int(said) else None
    value = int(said) if kind == "ordinal" else _roman(said)
    highest = 300 if kind == "ordinal" else 21
    return ((value - 1) * length + 1, value * length) if 1 <= value <= highest else None


def _roman(said: str) -> int:
    digits = [{"i": 1, "v": 5, "x": 10}[letter] for letter in said]
    return sum(-d if at + 1 < len(digits) and d < digits[at + 1] else d for at, d in enumerate(digits))


def _era(before: str, after: str) -> str | None:
    """What is written beside a term: "bce", "ce", "bp" or nothing."""
    found = written.ERA_AFTER.match(after) or written.ERA_BEFORE.search(before)
    if not found:
        return None
    said = found[1].replace(".", "").replace(" ", "")
    return "bp" if said == "bp" else "bce" if re.match(r"b|vchr|av|ac", said) else "ce"


def _narrowed(start: int, end: int, before: str) -> tuple[int, int]:
    for words, (low, high) in written.NARROW:
        if words.search(before):
            length = end - start + 1
            return start + round(length * low), start + round(length * high) - 1
    return start, end
