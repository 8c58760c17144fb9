"""Peoples, cultures and schools, to tell "Egyptian" or "North Italian" from the name of a maker."""

import re
from functools import lru_cache

_PEOPLES = """
Achaemenid African Akan Akkadian Albanian Alexandrian Algerian American Anatolian Andalusian Angolan Apulian Arab Arabian
Arabic Argentine Argentinian Armenian Asante Ashanti Asian Assyrian Athenian Attic Australian Austrian Avaric Aztec
Babylonian Bactrian Balinese Balkan Baltic Bamana Bamileke Bangladeshi Baoule Baule Baulé Bavarian Belgian Benin Beninese
Bohemian Bolivian Brazilian Breton British Buddhist Bulgarian Burgundian Burmese Byzantine Calima Cambodian Cameroonian
Campanian Canaanite Canadian Carchí Caribbean Carolingian Carthaginian Catalan Caucasian Celtic Chancay Chavín Chilean Chimú
Chinese Chinesisch Chola Chorrera Christian Chupícuaro Circassian Coaque Coclé Colima Colombian Congolese Coptic Corinthian
Costa Cretan Croatian Cuban Cycladic Cypriot Cypriote Czech Czechoslovakian Danish Darién Diquís Dogon Dominican Dutch
Ecuadorian Egyptian Ejagham Elamite English Estonian Ethiopian Etruscan European Filipino Finnish Flemish Florentine
Frankish French Frisian Gallic Gallo Gandharan Georgian German Germanic Ghanaian Gothic Graecian Greek Greenlandic
Guanacaste Guangala Guatemalan Haitian Hausa Hawaiian Hellenistic Himalayan Hindu Hispanic Hittite Honduran Huari Huastec
Hungarian Hunnish Ica Icelandic Igbo Inca Indian Indonesian Inka Inuit Iranian Iraqi Irish Islamic Israeli Istrian Italian
Italic Ivorian Jain Jalisco Jama Jamaican Japanese Javanese Jewish Jordanian Kassite Kenyan Khmer Kissi Korean Kuba Kushan
Lambayeque Langobardic Lao Laotian Latin Latvian Lebanese Leonian Levantine Liberian Ligurian Lithuanian Lombard
Luxembourgeois Macedonian Malian Maltese Mangbetu Manteno Maori Maya Mayan Mediterranean Meroitic Merovingian Mesoamerican
Mesopotamian Mexican Michoacan Minoan Mitannian Mixtec Mixteca Moche Moldavian Mongol Mongolian Moorish Moravian Moresque
Moroccan Mosan Mughal Mycenaean Nabataean Nariño Nasca Navajo Nayarit Nazca Neapolitan Nepalese Netherlandish Nicoya
Nigerian Norman Norse Norwegian Nubian Oceanic Olmec Ostrogothic Ottoman Ottonian Pakistani Palestinian Palmyrene Panamanian
Papuan Paracas Parthian Pende Persian Peruvian Philippine Phoenician Phrygian Pisan Polish Polynesian Pontic Portuguese
Praenestine Prussian Puebla Punic Quimbaya Rajput Recuay Remojadas Rhenish Rhodian Roman Romanian Russian Saba Salinar
Sardinian Sasanian Sassanian Saxon Scandinavian Scottish Scythian Seljuk Senegalese Senufo Serbian Siberian Sicilian Sicán
Sienese Silesian Singaporean Sinú Slavic Slovak Slovene Slovenian Spanish Sudanese Sumerian Swabian Swedish Swiss Syrian
Taino Tairona Taiwanese Tamil Tarascan Taíno Tembladera Teotihuacan Teotihuacán Thai Thracian Tibetan Tiwanaku Tlatilco
Tlingit Tolima Toltec Totonac Trojan Tunisian Turkish Turkmen Tuscan Ukrainian Umbrian Urartean Urartian Uruguayan Uzbek
Valdivia Venetian Venezuelan Veracruz Veronese Vicús Vietnamese Viking Villanovan Visigothic Wari Welsh Xochipala Yemeni
Yoruba Yugoslavian Zairean Zapotec Zulu
"""
_BESIDE = """
ancient and anglo central coast early east eastern far franco graeco greco hispano indo irish italo lankan late leonean
lower magna middle native near new north northeast northeastern northern northwest northwestern old or post pre provincial
puerto rican romano siculo sierra sino south southeast southeastern southern southwest southwestern sri syro upper west
western zealander
"""
_TOGETHER = ("near eastern", "far eastern", "middle eastern", "puerto rican", "sri lankan", "new zealander", "sierra leonean")
_KNOWN = frozenset(_PEOPLES.casefold().split())
_BOTH = _KNOWN | frozenset(_BESIDE.split())


@lru_cache(maxsize=20_000)
def is_people(name: str) -> bool:
    """Whether a maker's name is that of a people, a culture or a region's school: "Egyptian (?)", "Costa Rican", "Greco-Roman",
    "Peruvian (Moche style)"; not "Roman Vishniac", nor "Basavan"."""
    bare = re.sub(r"\([^)]*\)?\)?|\?|\b(?:style|culture|people|artist|school)\b", " ", name.casefold())
    words = re.findall(r"\w+", bare)
    known = any(word in _KNOWN for word in words) or " ".join(words) in _TOGETHER
    return known and all(word in _BOTH for word in words)
