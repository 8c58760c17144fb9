"""What dates are written with: the words, in several languages, that dates.py reads them by."""

import re
from collections.abc import Callable

from artrec.sources.periods import PERIODS

_TEENS = (
    "fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth "
    "eighteenth nineteenth twentieth"
)
_SPELLED = {"first": "1st", "second": "2nd", "third": "3rd", "twenty-first": "21st"} | {
    word: f"{number}th" for number, word in enumerate(_TEENS.split(), start=4)
}
_MONTHS = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?"
    r"|oct|nov|dec|spring|summer|autumn|fall|winter)\b\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DAYS = rf"{_DAY}(?:\s*(?:-|/|&|and|to)\s*{_DAY})?"
_CENTURY = (
    r"(?:cent(?:u?ry|uries)|cent\b\.?|c\b\.?|jahrhunderts?|jh\b\.?|jhdt?\b\.?|jhs\b\.?|si[eè]cles?|secol[oi]|sec\b\.?|siglos?"
    r"|eeuw)"
)
_MILLENNIUM = r"(?:mill?enn?i(?:um|a)|mill\b\.?|jahrtausends?)"
_ERA = (
    r"(?:b\.?\s?c\.?\s?e?\b\.?|v\.\s?chr\.?|av\.\s?j\.?-?c\.?|a\.\s?c\b\.?|d\.\s?c\b\.?|b\.?p\b\.?|c\.?\s?e\b\.?|a\.?\s?d\b\.?"
    r"|n\.\s?chr\.?|apr?\.\s?j\.?-?c\.?)"
)
UNITS = re.compile(rf"{_CENTURY}|(?P<thousand>{_MILLENNIUM})")
ERA_AFTER = re.compile(rf"\s*(?:{_CENTURY}|{_MILLENNIUM})?\s*,?\s*({_ERA})")
ALONE = re.compile(r"\W*\d{1,2}(?:st|nd|rd|th)(?:\s*-\s*\d{1,2}(?:st|nd|rd|th))?\W*")  # "18th": a century by itself
PART = re.compile(r"\s*(?:half|third|quar?ter|hälfte|h\.|viertel|moitié|dynasty)")  # what an ordinal before it counts
ANY_ERA = re.compile(rf"\d\w*\s*(?:{_CENTURY})?\s*{_ERA}")
ERA_BEFORE = re.compile(r"\b(a\.?d\b\.?|b\.?c\b\.?)\s*(?:ca?\.)?\s*(?:\w+[\s-]*)?$")
_NTH = r"\d{1,4}(?:st|nd|rd|th)?"
_OURS = r"[^/=a-z]*?[/=(,]\s*(?:a\.?d\b\.?|c\.?e\b\.?|a\.?d\.?(?=\d))"  # "/AD": what follows is in our calendar
UNKNOWN = re.compile(
    r"(?:n\.?\s?d\.?|s\.?\s?d\.?|o\.?\s?j\.?|undated|unknown|not (?:dated|known|recorded)|no date|date (?:un|not )known"
    r"|sin fecha|sans date|ohne datum|undatiert|-+|\?*)"
)
FORMS: tuple[tuple[re.Pattern, str | Callable], ...] = tuple(
    (re.compile(form), to)
    for form, to in (
        (r"[‐‑‒–—−]", "-"), (r"[’‘`´]", "'"), (r"[\[\]{}]", ""), (r"~", " ca. "),
        # other calendars: the text that repeats in ours is left
        (rf"\b(?:(?<!ad )(?<!ad){_NTH}\s*-\s*)?{_NTH}(?:\s?(?:century|c\.))?\s*\(?a\.?[hm]\b{_OURS}", " "),
        (rf"\ba\.?[hm]\b\.?\s?{_NTH}(?:\s*[-/]\s*{_NTH})?(?:\s?(?:century|c\.))?{_OURS}", " "),
        (r"\ba\.?h\b\.?\s?\d{1,4}\s*/\s*(?=\d{3,4}\b)", " "),
        (r"\(\s*a\.?[hm]\b[^)]*\)", " "),
        (r"\ba\.?d\b\.?(?=\s?\d)", "a.d. "),
        # days and months say nothing of the year
        (r"\b(\d{4})-(?:0[1-9]|1[0-2])-\d{2}(?:t[\d:.]+z?)?\b", r"\1"),
        (r"\b\d{1,2}/\d{1,2}/(\d{4})\b", r"\1"), (r"\b\d{1,2}\.\s?\d{1,2}\.\s?(\d{4})\b", r"\1"),
        (r"(?<![\d/-])\d{1,2}/(\d{4})\b", r"\1"),
        (rf"\b{_DAYS}\.?\s+(?:of\s+)?{_MONTHS},?", " "),
        (rf"\b{_MONTHS}\s+{_DAYS}(?![\d'])(?!\s*(?:{_CENTURY}|{_ERA})),?", " "),
        (rf"\b(?!spring and autumn){_MONTHS}(?=[\s,'/-]*(?:of\s+)?(?:\d{{4}}|-|/|to\b|and\b|{_MONTHS}))", " "),
        # forms of one thing
        (r"(?<=\d),(?=\d{3}\b)", ""), (r"(?<![a-z])(early|mid|late)[\s-]*(?=\d)", r"\1 "),
        (r"(?<!\d)(\d{3})[xu](?![\w?])", r"\g<1>0s"), (r"(?<!\d)(\d{2})(?:xx|uu|--)(?![\w-])", r"\g<1>00-\g<1>99"),
        (r"\b(early)\W+(?:to\W+)?mid(?:dle)?\b", "early-mid"), (r"\b(mid(?:dle)?)\W+(?:to\W+)?late\b", "mid-late"),
        (
            rf"(?<!st )(?<!nd )(?<!rd )\b(?:{'|'.join(_SPELLED)})\b(?!\s+(?:half|quarter|third|intermediate|dynasty\s+of))",
            lambda match: _SPELLED[match[0]],
        ),
        (r"-\s*(?:present|ongoing|today|now|heute)\b", " or later "),
    )
)  # fmt: skip
ASIDE = re.compile(
    r"\b(?:re-?printed|printed|published|re-?issued|issued|additions?|restor\w+|re-?worked|replaced|replacement|later)\b"
)
LABEL = re.compile(r"^\s*[a-z][a-z '-]{2,30}:")
CLAUSE = re.compile(r"[;,\n]|\b(?=(?:with|re-?printed|printed|published)\b)")
HIJRA = re.compile(r"\ba\.?h\b\.?")
_PERIOD = "|".join(re.escape(name) for name in sorted(PERIODS, key=len, reverse=True))
NAMED = re.compile(rf"\b(?:{_PERIOD})\b")
TERM = re.compile(
    rf"(?:s\.|siglos?|secol[oi]|sec\.)\s*(?P<after>[ivx]{{1,6}})\b"
    r"|\bdynast(?:y|ies)\s+(?P<dynasty>\d{1,2})\b"
    r"|\b(?P<dynastic>\d{1,2})(?:st|nd|rd|th)(?=(?:\s*-\s*\d{1,2}(?:st|nd|rd|th))?\s+dynast)"
    rf"|\b(?P<ordinal>\d{{1,3}})\s*(?:st|nd|rd|th|er|ème|eme|e|de|º|°|\.)(?![a-z\d])"
    rf"|\b(?P<roman>[ivx]{{1,6}})(?:e|ème|er|º|°)?(?=\s*(?:-|/|et|e|und|to|and)\s*(?:\w+\s+)?[ivx]{{1,6}}|\s+{_CENTURY})"
    r"|(?<=[ivx]-)(?P<later>[ivx]{1,6})\b"
    r"|\b(?P<decade>\d{3}0)(?:'?s|er)\b|\b(?P<tens>\d0)(?:'?s|er)\b"
    r"|(?<!\d\.)(?P<year>\d{1,6})(?!\d|\.\d|\s*(?:x|×|cm|mm|in\b|h\b))"
    rf"|\b(?P<period>{_PERIOD})\b"
)
_OF = r"\W*(?:(?:of|des|du|del|dello|della|de|van)\b)?\W*(?:the|la|le|het|a\.?d)?\W*$"
NARROW = tuple(
    (re.compile(rf"(?<![a-z])(?:{words}){_OF}"), part)
    for words, part in (
        ("early-mid", (0, 2 / 3)),
        ("mid-late", (1 / 3, 1)),
        ("early|beginning|anfang|début|debut|inizio?|principios|frühes|vroege?|begin", (0, 1 / 3)),
        (
            r"(?:first|1st|1\.|erste|première|1(?:è)?re|prima|primera|eerste)\s+(?:half|hälfte|h\.|moitié|metà|mitad|helft)",
            (0, 1 / 2),
        ),
        (
            r"(?:second|2nd|2d|2\.|zweite|last|latter|seconde|deuxième|2e|seconda|segunda|tweede)\s+"
            r"(?:half|hälfte|h\.|moitié|metà|mitad|helft)",
            (1 / 2, 1),
        ),
        ("mid|middle|mitte|milieu|metà|mediados|midden", (1 / 3, 2 / 3)),
        ("late|end|ende|fin|fine|finales|spätes|eind", (2 / 3, 1)),
        (r"(?:first|1st)\s+third", (0, 1 / 3)),
        (r"(?:last|third|3rd)\s+third", (2 / 3, 1)),
        (r"(?:first|1st|1\.|erstes|premier|primo)\s+(?:quar?ter|viertel|quart|quarto)", (0, 1 / 4)),
        (r"(?:second|2nd|2\.|zweites|deuxième|secondo)\s+(?:quar?ter|viertel|quart|quarto)", (1 / 4, 1 / 2)),
        (r"(?:third|3rd|3\.|drittes|troisième|terzo)\s+(?:quar?ter|viertel|quart|quarto)", (1 / 2, 3 / 4)),
        (r"(?:fourth|4th|4\.|last|letztes|viertes|dernier|ultimo)\s+(?:quar?ter|viertel|quart|quarto)", (3 / 4, 1)),
    )
)
_ABOUT = r"\W*(?:ca?\.|about|circa|the)?\W*$"
BEFORE = re.compile(
    r"(?:(?<!not )before|pre-|by|until|up to|no later than|not after|vor|avant|antes de|prima del?|ante|bis|voor)(?:\s*the)?"
    + _ABOUT
)
AFTER = re.compile(
    r"(?:(?<!not )after|post-|from|since|no earlier than|not before|nach|après|después de|dopo il|post|ab|na|begun|started)"
    + _ABOUT
)
JOINS = re.compile(r"\s*(?:ca?\.?\s*)?(?:-|/|or|to|bis|and|&)\s*(?:ca?\.?\s*)?")
