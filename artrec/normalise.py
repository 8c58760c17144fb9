"""Museums' words → the controlled ones, where that is sure; the museum's own wording is kept in `Artwork.recorded`.

Movements, genres and types go to the vocabulary of the starter collection when they are equal after folding, differ by a plural
or by "art" and "style", are a known synonym, or differ by a letter in a long word. Media lose their capital or get their
English name, countries get their English names, cultures the adjective. What is not sure stays as it is.
"""

import json
import re
from functools import lru_cache

from artrec import config
from artrec.catalogue import VOCABULARY_FILE, Artwork
from artrec.text import fold

FIELDS = ("movement", "genre", "type", "country", "culture", "medium")
SAME, LONG = 95, 8  # rapidfuzz's ratio, 0 to 100, from which a word of so many letters is another, misspelt
_SYNONYMS = """
[movement]
Gothic art = gothic
Byzantine art = byzantine, post byzantine
Romanesque art = romanesque
Hellenistic art = hellenistic
Ukiyo-e = utagawa school, osaka school, ukiyo e
Carolingian and Ottonian art = carolingian, ottonian
Post-Impressionism = post impressionist
Impressionism = impressionist
Surrealism = surrealist
Cubism = cubist
Expressionism = expressionist
Realism = realist
Romanticism = romantic
Neoclassicism = neoclassical, neo classical, neo classicism
International Gothic = gothic international gothic, gothic international style
Pre-Raphaelite Brotherhood = pre raphaelite
Futurism = futurist
Minimalism = minimalist
Mannerism = mannerist
Fauvism = fauvist
Symbolism = symbolist
Pop art = pop
Dada = dadaism
Early Netherlandish painting = early netherlandish
Dutch Golden Age = dutch golden age painting
Art Nouveau = art nouveau jugendstil, jugendstil
[genre]
religious = religious art, religious painting
portrait = portraits
landscape = landscape painting, landscape art
history = history painting
everyday life = genre painting, genre art
seascape = marine art
mythological = mythological painting
animal = animal painting
cityscape = veduta, cityscape painting
abstract = abstract art
nude = nude art
flowers and plants = floral painting
battle = battle painting
still life = still lifes
interior = interior view
[country]
Iran = iran
Turkey = turkiye
Japan = nihon
Egypt = misr
China = zhonghua
India = bharat
Germany = deutschland
Italy = italia
Greece = ellas
Russia = rossiya
Netherlands = nederland, holland
Belgium = belgique
Spain = espana
Austria = osterreich, osterreich republic
Finland = suomi
Denmark = danmark
Sweden = sverige
Norway = norge
Poland = polska
Hungary = magyarorszag
Switzerland = schweiz, suisse
Afghanistan = afghanestan
Iraq = al iraq
Syria = suriyah
Armenia = hayastan
Ethiopia = ityop iya
Korea = taehan minguk
Thailand = prathet thai
Cambodia = kampuchea
Vietnam = viet nam
Mexico = mexico
Peru = peru
Brazil = brasil
Portugal = portugal
Ireland = eire
Czech Republic = ceska republika
United States = usa, united states of america
United Kingdom = uk, great britain
France = france
[culture]
American = usa, united states, us, american
Austrian = austria, osterreich, osterreichisch
Belgian = belgium, belgien, belgique, belge
British = great britain, united kingdom, britisch, britannique
Chinese = china, chine, chinois, chinesisch
Danish = denmark, danmark, dansk, danisch, danois
Dutch = netherlands, the netherlands, holland, niederlandisch, neerlandais, hollandais, nederlands
Egyptian = egypt, agypten, agyptisch, egyptien
English = england, englisch, anglais
Flemish = flanders, flamisch, flamand, vlaams
French = france, frankreich, franzosisch, francais
German = germany, deutschland, deutsch, allemand
Greek = greece, griechenland, griechisch, grec
Indian = india, indien, indisch
Iranian = iran, iranisch, iranien
Irish = ireland, irland, irisch, irlandais
Italian = italy, italien, italia, italienisch, italiano
Japanese = japan, japon, japanisch, japonais
Korean = korea, koreanisch, coreen
Mexican = mexico, mexiko, mexicano, mexicain
Norwegian = norway, norge, norwegen, norwegisch
Polish = poland, polska, polen, polnisch, polonais
Portuguese = portugal, portugiesisch, portugais
Roman = romisch, romain
Russian = russia, russland, russisch, russe
Scottish = scotland, schottisch, ecossais
Spanish = spain, spanien, espana, espanol, spanisch, espagnol
Swedish = sweden, sverige, schweden, schwedisch, suedois
Swiss = switzerland, schweiz, suisse, schweizerisch
Thai = thailand, thailandisch
Turkish = turkey, turkei, turkisch, turc
[medium]
oil on canvas = ol auf leinwand, huile sur toile, olio su tela, oleo sobre lienzo, olieverf op doek, oil canvas, oils on canvas
oil on panel = huile sur panneau, olio su tavola, olieverf op paneel, oil panel
oil on wood = ol auf holz, huile sur bois, oleo sobre tabla
oil on paper = ol auf papier, huile sur papier
watercolor on paper = aquarell auf papier, aquarelle sur papier, acquerello su carta, acuarela sobre papel
bronze = bronzo, bronce, brons
marble = marmor, marbre, marmo, marmol, marmer
gelatin silver print = silbergelatineabzug, epreuve gelatino argentique, gelatin silver prints, silver gelatin print
etching = radierung, eau forte, acquaforte, aguafuerte
engraving = kupferstich, burin, gravure sur cuivre
lithograph = lithografie, lithographie, litografia
woodcut = holzschnitt, gravure sur bois, xilografia
[type]
painting = paintings
print = prints
drawing = drawings
photograph = photographs
sculpture = sculptures
"""


def _synonyms() -> dict[str, dict[str, str]]:
    """Field → what is said (without signs) → the controlled word."""
    found: dict[str, dict[str, str]] = {}
    for line in re.sub(r"\n +", " ", _SYNONYMS).strip().splitlines():
        if line.startswith("["):
            words = found.setdefault(line.strip("[]"), {})
        else:
            word, _, said = line.partition(" = ")
            words.update(dict.fromkeys(said.split(", "), word))
    return found


SYNONYMS = _synonyms()
_CULTURES = {word.casefold(): word for word in SYNONYMS["culture"].values()}
_LOOSE = re.compile(r"\b(?:art|style|school of|the|painting|period|movement)\b")


@lru_cache(maxsize=1)
def _controlled() -> dict[str, dict[str, str]]:
    """Field → loosely folded word → the controlled word; a loose form that two words share is left out."""
    vocabulary = json.loads((config.STARTER / VOCABULARY_FILE).read_text("utf-8"))
    found: dict[str, dict[str, str]] = {}
    for field in ("movement", "genre", "type"):
        loose: dict[str, list[str]] = {}
        for word in vocabulary.get(field, ()):
            loose.setdefault(_loosely(word), []).append(word)
        found[field] = {key: words[0] for key, words in loose.items() if key and len(words) == 1}
    return found


def _signs(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _loosely(text: str) -> str:
    return " ".join(_LOOSE.sub(" ", _signs(text)).split())


@lru_cache(maxsize=100_000)
def controlled(field: str, said: str) -> str:
    """The controlled word for what a museum says in a field, or what it says where none is sure."""
    if not said:
        return said
    if word := SYNONYMS.get(field, {}).get(_signs(said)):
        return word
    if field == "medium":
        return said[0].lower() + said[1:] if len(said) > 1 and said[1].islower() else said
    if field == "culture":
        return _CULTURES.get(_signs(said), said)
    words = _controlled().get(field, {})
    return words.get(_loosely(said)) or words.get(_loosely(said.removesuffix("s"))) or _misspelt(_loosely(said), words) or said


def _misspelt(said: str, words: dict[str, str]) -> str:
    """The word that is meant, where one alone is as near as a slip of the pen."""
    from rapidfuzz import fuzz, process

    if len(said) < LONG:
        return ""
    near = process.extract(said, list(words), scorer=fuzz.ratio, score_cutoff=SAME, limit=2)
    return words[near[0][0]] if len(near) == 1 else ""


def normalise(work: Artwork) -> Artwork:
    """The work with controlled words; what was changed by more than a capital is kept under its field in `recorded`."""
    changed: dict[str, object] = {}
    kept = dict(work.recorded)
    for field in FIELDS:
        said = getattr(work, field)
        word = controlled(field, said)
        if word != said:
            changed[field] = word
            if field != "medium":
                kept.setdefault(field, said)
    if not changed:
        return work
    return work.model_copy(update=changed | ({"recorded": kept} if len(kept) <= 16 else {}))
