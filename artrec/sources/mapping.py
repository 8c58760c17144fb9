"""Anybody's table: which column says what. Guessed from the columns' names in several languages and from what they hold;
every guess can be corrected."""

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from artrec.errors import CatalogueError
from artrec.sources.dates import years

FIELDS = (
    "id", "title", "artist", "artist_life", "date", "type", "movement", "medium", "genre", "subjects", "culture", "country",
    "museum", "city", "dimensions", "description", "image_url", "image_credit", "credit", "rights", "page_url", "wikipedia",
)  # fmt: skip

_NAMES = """
id: id, object id, object number, accession number, accession, inventory number, inventory, inventar, inventarnummer,
    inventaire, numero inventario, inventario, n inventario, inventarisnummer, objektnummer, objectnummer, reference, ref,
    identifier, signatur, artwork id, work id, sygnatura, 作品番号, 编号
title: title, titel, titre, titolo, titulo, tittel, tytul, object title, object name, name, name of work, title of work, work,
    artwork, werk, oeuvre, bezeichnung, denomination, название, 标题, 作品名, 名称, 작품명
artist: artist, künstler, kuenstler, artiste, artista, kunstenaar, kunstner, konstnär, artysta, artist name, artist title,
    artist display name, maker, object creator, creator, author, auteur, autor, autore, painter, people, by, hersteller,
    urheber, vervaardiger, художник, автор, 作者, 作家名, 艺术家, 작가
artist_life: artist dates, life, lebensdaten, artist bio, life dates, born died, artist life
date: date, year, datum, jahr, datierung, année, annee, anno, año, ano, fecha, data, dated, datering, datazione, datation,
    jaar, jaartal, rok, creation date, object creation date, date creation, date de creation, periode de creation,
    date text, object date, created, year created, entstehung, год, дата, 年代, 日期, 制作年, 제작연도
type: type, classification, object type, art form, kind, category, gattung, objektart, typ, soort, categorie, tipo, domaine,
    тип, 类型, 分類
movement: movement, style, stil, school, period, mouvement, movimento, movimiento, epoche, ecole, стиль, 流派
medium: medium, material, materials, technique, technik, materiau, matériaux, materiaux techniques, materiale, materiaal,
    tecnica, técnica, teknik, technika, materia, materia e tecnica, materia y técnica, materialien, materiaal en techniek,
    medium display, media, материал, техника, 材质, 技法, 材質, 技法 材質, 재료
genre: genre, genere, жанр
subjects: subjects, subject, tags, keywords, schlagworte, schlagwörter, mots clés, mots cles, sujet represente, depicts,
    themes, motive, iconography, soggetto, soggetti, temas, onderwerp, onderwerpen, trefwoorden, emne, emneord,
    palavras chave, palabras clave, etiquetas, ключевые слова, 主题, 关键词
culture: culture, nationality, kultur, kulturkreis, nation, origin, civilisation, 文化
country: country, land, pays, paese, pais, place, place of origin, ort, herkunft, lieu, luogo, kraj, страна, 国家
museum: museum, collection, institution, sammlung, musée, musee, museo, muzeum, repository, standort, localisation,
    ubicación, музей, 博物馆, 所蔵, 소장처
city: city, stadt, ville, città, citta, ciudad, cidade, stad, miasto, город, 城市
dimensions: dimensions, size, maße, masse, abmessungen, mesures, format, dimensioni, dimensiones, dimensões, misure, medidas,
    afmetingen, formaat, mål, mått, wymiary, measurements, размер, размеры, 尺寸, 寸法, 크기
description: description, beschreibung, text, notes, descrizione, descripción, descripcion, descrição, beschrijving,
    beskrivelse, beskrivning, opis, label, caption, abstract, about, comment, описание, 描述, 简介, 解説, 설명
image_url: image, image url, imageurl, object image, thumbnail, picture, bild, bild url, photo, img, primary image, immagine,
    imagen, imagem, afbeelding, billede, bilde, obraz, media url, изображение, 图片, 画像
image_credit: image credit, photo credit, bildnachweis, photographer
credit: credit, credit line, creditline, provenance, donor, erwerb, acquisition
rights: rights, licence, license, copyright, rechte, lizenz, droits, derechos, diritti
page_url: url, link, web, website, page, object url, object persistent identifier, webseite, permalink
wikipedia: wikipedia, wikipedia title
"""
NAMES: dict[str, tuple[str, ...]] = {  # field → columns' names that fill it, the likeliest first
    field: tuple(" ".join(name.split()) for name in names.split(","))
    for field, _, names in (part.partition(":") for part in re.split(r"\n(?=\S)", _NAMES.strip()))
}
SURE, LIKELY = 1.0, 0.6


@dataclass(frozen=True)
class Guess:
    """Which column fills a field, how sure that is (in [0, 1]) and why, for people."""

    field: str
    column: str
    confidence: float
    reason: str


def fold(name: str) -> str:
    """A column's name without case, signs and accents."""
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).encode("ascii", "ignore").decode() or name
    return " ".join(re.findall(r"[^\W_]+", plain.lower())) or name.strip().lower()


def guess(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> dict[str, Guess]:
    """Field → guess, from the columns' names and the first rows. A column fills one field; the surer guess wins."""
    found: list[Guess] = []
    wanted = {field: {fold(name): place for place, name in enumerate(names)} for field, names in NAMES.items()}
    for column in columns:
        name = fold(column)
        for field in FIELDS:
            if name in wanted[field]:
                sure = SURE - 0.01 * wanted[field][name]
                found.append(Guess(field, column, sure, "the column's name"))
            elif len(name) > 4 and (near := difflib.get_close_matches(name, wanted[field], n=1, cutoff=0.86)):
                found.append(Guess(field, column, LIKELY + 0.1, f"the column's name is like “{near[0]}”"))
            elif any(len(word) > 3 and word in name.split() for word in wanted[field]):
                found.append(Guess(field, column, LIKELY - 0.1, "a word of the column's name"))
        found += [Guess(field, column, sure, reason) for field, sure, reason in _by_contents(column, rows)]
    held = {column: _holds(column, rows) for column in columns}
    found = [each for each in found if _agrees(each, held[each.column])]
    chosen: dict[str, Guess] = {}
    taken: set[str] = set()
    for each in sorted(found, key=lambda g: (-g.confidence, FIELDS.index(g.field))):
        if each.field not in chosen and each.column not in taken:
            chosen[each.field] = each
            taken.add(each.column)
    return {field: chosen[field] for field in FIELDS if field in chosen}


def _values(column: str, rows: Sequence[Mapping[str, object]]) -> list[str]:
    return [text for row in rows if (text := str(row.get(column) if row.get(column) is not None else "").strip())]


def _holds(column: str, rows: Sequence[Mapping[str, object]]) -> dict[str, float]:
    """Shares of a column's values that are addresses, dates, or without a letter, and their length in words."""
    values = _values(column, rows)
    n = max(len(values), 1)
    return {
        "values": len(values),
        "web": sum(v.startswith(("http://", "https://")) for v in values) / n,
        "dates": sum(len(v) <= 40 and years(v) is not None for v in values) / n,
        "numbers": sum(not re.search(r"[^\W\d_]", v) for v in values) / n,
        "words": sum(len(v.split()) for v in values) / n,
    }


def _agrees(each: Guess, held: Mapping[str, float]) -> bool:
    """Whether what a column holds can be what its name says: a header may lie."""
    if not held["values"]:
        return True
    if each.field in ("image_url", "page_url"):
        return held["web"] >= 0.5
    if each.field == "date":
        return held["dates"] >= 0.5
    if each.field == "title":
        return held["numbers"] < 0.9
    return each.field == "description" or held["web"] < 0.5


def _by_contents(column: str, rows: Sequence[Mapping[str, object]]) -> list[tuple[str, float, str]]:
    held = _holds(column, rows)
    if held["values"] < 3:
        return []
    values = _values(column, rows)
    pictures = sum(bool(re.search(r"\.(?:jpe?g|png|webp|gif|tiff?)(?:\?|$)", v.lower())) for v in values) / len(values)
    found = []
    if held["web"] >= 0.8:
        found.append(("image_url", 0.5, "addresses of pictures") if pictures >= 0.5 else ("page_url", 0.3, "web addresses"))
    elif held["dates"] >= 0.9 and held["words"] < 5:
        found.append(("date", 0.4, "it holds dates"))
    elif held["words"] >= 15:
        found.append(("description", 0.45, "it holds long texts"))
    return found


def parse_map(text: str) -> dict[str, str]:
    """ "title=Titel,artist=Künstler" → {"title": "Titel", …}; a pair with a comma in it goes in quotes, as in CSV, and
    an empty column ("date=") leaves its field out. Raises `CatalogueError` for a field there is not."""
    found = {}
    pairs = next(csv.reader([text], skipinitialspace=True), [])
    for part in filter(None, (part.strip() for part in pairs)):
        field, sign, column = (piece.strip() for piece in part.partition("="))
        if not sign or (field == "title" and not column):
            raise CatalogueError(f"--map cannot read '{part[:60]}'.", "Write field=column, as in title=Titel,artist=Künstler.")
        if field not in FIELDS:
            near = difflib.get_close_matches(field, FIELDS, n=1)
            raise CatalogueError(
                f"There is no field '{field[:40]}'.",
                f"Did you mean {near[0]}?" if near else f"Choose from: {', '.join(FIELDS)}.",
            )
        found[field] = column
    return found


def written(mapping: Mapping[str, str]) -> str:
    """A mapping as `parse_map` reads it."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(f"{field}={column}" for field, column in mapping.items())
    return line.getvalue()


def complete(given: Mapping[str, str], columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Field → column: what was given, and guesses for the rest. An empty column leaves a field out. Raises `CatalogueError`
    where a column is not there or nothing can be the title."""
    for field, column in given.items():
        if column and column not in columns:
            near = difflib.get_close_matches(column, columns, n=1, cutoff=0.4)
            hint = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(columns)[:300]}."
            raise CatalogueError(f"The table has no column '{column[:60]}' for {field}.", hint)
    used = set(given.values())
    guessed = {f: g.column for f, g in guess([c for c in columns if c not in used], rows).items() if f not in given}
    mapping = {f: c for f, c in (dict(guessed) | dict(given)).items() if c}
    if "title" not in mapping:
        raise CatalogueError(
            "No column can be the title.", f"Say which: --map title=COLUMN. There are: {', '.join(columns)[:300]}."
        )
    return mapping
