"""A text's keywords: the few phrases that it is about, by YAKE (Campos et al. 2020), which needs the text alone.

Chosen over KeyBERT (Grootendorst 2020) on our own encoder, after reading what both say of 30 passages: KeyBERT encodes
every candidate (4 texts a second here, YAKE 340) and, having dropped the stop words first, joins what no sentence joins
("knee lips sets"); YAKE keeps names as they are written. YAKE proposes; the rules below keep what reads as a name for a thing.
"""

import re
import unicodedata
from functools import cache, lru_cache

from artrec.lexical import STOPWORDS, stem
from artrec.text import fold

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")  # whose stop words are known; the first wins a tie
LONGEST = 4_000  # characters that are read: what a text is about, it says early
PROPOSED = 60  # candidates that are looked at, best first
MOST_WORDS = 3
LONGEST_WORD = 30  # letters; a longer run is no word
INNER = frozenset(  # may stand inside a phrase, not at its ends
    ("of", "de", "di", "du", "da", "del", "des", "la", "le", "van", "von", "der", "den", "al")
)
_VERBS = """
depict depicts depicted depicting show shows shown showing contain contains containing represent represents represented
representing illustrate illustrates include includes including feature features appear appears seem seems make makes made
making use uses used using date dates dating give gives given take takes taken taking become becomes became stand stands
stood sit sits lie lies hold holds held wear wears worn turn turns look looks say says said tell tells call called known
keep keeps kept hang hangs run runs rise rises fill fills spread spreads come comes came go goes went gone begin begins
began see sees seen let lets set sets put puts find found bear bears bore lean leans fall falls fell leave leaves left
believed considered suggest suggests serve serves follow follows carry carries need needs want wants lost presents
wrote written
now then past ahead overhead away outward onto once never always already instead
"""
_EMPTY = """
left right back front top bottom side sides part parts half end ends central center centre middle upper lower edge detail
details element elements example examples piece pieces pair set type kind way place time times year years century centuries
early late later ago today day number one two three four five six seven eight nine ten hundred first second third thing
things form forms item object objects view version copy collection museum gallery title untitled unknown anonymous note
notes fragment inscription inscribed artist artists information reverse recto verso scholar scholars scene scenes figure
figures hand hands st signed dated born died active circa ca bc bce ad ce ah above below behind around
beside toward towards almost nearly probably likely usually often perhaps possibly barely simply many several
various different similar large small great little big tall short long high low new old young good full whole entire single
double own other others another same such much less least even still also well however though although within without
"""
VERBS = frozenset(_VERBS.split())  # nowhere in a phrase
EMPTY = VERBS | frozenset(_EMPTY.split())  # never a phrase by themselves
NUMBERS = frozenset(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "several", "many")
)
_NO_NOUN = re.compile(r"\w{3}(?<!e)ed$|ly$|ous$|ful$|less$|ional$|ible$|\w{3}(?<!veget)able$")  # ends of other words
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*\.?")


@lru_cache(maxsize=2_048)  # pages, regions and topics ask for the same texts
def keywords(text: str, n: int = 8) -> tuple[tuple[str, float], ...]:
    """The `n` phrases that say most of what a text is about, best first, each with a weight in (0, 1] (its YAKE score
    against the best one's). A phrase has one to three words, is written as in the text, and repeats no other by stem.
    Empty for texts without words, and for Chinese or Japanese, whose words no space parts."""
    text = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text[:LONGEST]).split())
    found: list[tuple[str, float]] = []
    said: set[str] = set()
    little, candidates = _candidates(text)
    for phrase, score in candidates:
        if len(found) >= n:
            break
        phrase = phrase.strip(" .,;:!?\"'“”‘’«»()[]{}<>*#|`~_=+-/\\")
        stems = phrase_stems(phrase)
        if not names_a_thing(phrase, little) or 2 * len(stems & said) >= len(stems):
            continue
        said |= stems
        found.append((phrase, max(float(score), 1e-9)))
    return tuple((phrase, min(1.0, found[0][1] / score)) for phrase, score in found)


@lru_cache(maxsize=8_192)  # the attributes of 100,000 works are few words
def phrase_stems(phrase: str) -> frozenset[str]:
    """The stems of a phrase's words, without little words: what tells two phrases apart."""
    words = (fold(word).strip(".").removesuffix("'s").removesuffix("’s") for word in phrase.split())
    return frozenset(stem(word) for word in words if word and word not in INNER)


def _candidates(text: str) -> tuple[frozenset[str], list[tuple[str, float]]]:
    """The stop words of the text's language, and (phrase, YAKE score: lower is better), best first."""
    words = {word.lower() for word in _WORD.findall(text)}
    if not words - STOPWORDS:
        return STOPWORDS, []
    extractor = _extractor(max(LANGUAGES, key=lambda code: len(words & _extractor(code).stopword_set)))
    found = sorted(extractor.extract_keywords(text), key=lambda pair: pair[1])
    return STOPWORDS | extractor.stopword_set, found


@cache
def _extractor(language: str):
    from yake import KeywordExtractor

    extractor = KeywordExtractor(lan=language, n=MOST_WORDS, top=PROPOSED, dedup_lim=0.99, window_size=1)
    extractor.stopword_set -= {"new"}  # New York
    return extractor


def names_a_thing(phrase: str, little: frozenset[str] = STOPWORDS) -> bool:
    """Whether a phrase names a thing: no sentence's splinter, no number, no word that stands for anything. `little`: the
    stop words of its language."""
    words = phrase.split()
    plain = [word.lower() for word in words]
    if not 1 <= len(words) <= MOST_WORDS or not all(_WORD.fullmatch(word) for word in words):
        return False
    if any(ord(c) > 0x2E7F or c.isdigit() for c in phrase) or max(map(len, words)) > LONGEST_WORD:
        return False
    if min(len(plain[0]), len(plain[-1])) < 2 or max(map(len, plain)) < 3:
        return False
    if {plain[0], plain[-1]} & (little | INNER) or set(plain[1:-1]) & (little - INNER):
        return False
    if set(plain) & VERBS or all(word in EMPTY for word in plain) or plain[0] in NUMBERS:
        return False
    if words[-1].islower() and _NO_NOUN.search(plain[-1]):
        return False  # "details chased"
    for first, second in zip(words, words[1:], strict=False):
        if first.islower() and first not in INNER and second[:1].isupper():
            return False  # "artist Alfred Jacob"
    return not (len(words) == 3 and re.search(r"[^su]s$", words[1]) and words[1].islower())  # "goddess spouts water"
