"""Nations by the vernacular names of the Getty Thesaurus of Geographic Names → their English names."""

NATIONS = {
    "Îran": "Iran", "Italia": "Italy", "Misr": "Egypt", "Bharat": "India", "Nihon": "Japan", "Zhonghua": "China",
    "Pilipinas": "Philippines", "Ellás": "Greece", "Deutschland": "Germany", "Afghanestan": "Afghanistan", "Türkiye": "Turkey",
    "Rossiya": "Russia", "Ukrayina": "Ukraine", "Prathet Thai": "Thailand", "Ityop'iya": "Ethiopia", "Nederland": "Netherlands",
    "Schweiz": "Switzerland", "België": "Belgium", "Taehan Min'guk": "South Korea", "Al-‘Iraq": "Iraq", "Suriyah": "Syria",
    "Kampuchea": "Cambodia", "Österreich": "Austria", "España": "Spain", "Choson Minjujuui In'min Konghwaguk": "North Korea",
    "România": "Romania", "Norge": "Norway", "Kípros": "Cyprus", "Hayastan": "Armenia", "Tunis": "Tunisia",
    "Ceská Republika": "Czech Republic", "Perú": "Peru", "Sverige": "Sweden", "Panamá": "Panama", "Sakartvelo": "Georgia",
    "Viet Nam": "Vietnam", "Ozbekistan": "Uzbekistan", "Éire": "Ireland", "México": "Mexico", "Mongol Uls": "Mongolia",
    "Polska": "Poland", "Al-Jaza'ir": "Algeria", "Yisra'el": "Israel", "Índia": "India", "As-Sudan": "Sudan",
    "República Dominicana": "Dominican Republic", "Al-Yaman": "Yemen", "Santa Sede": "Vatican City", "Danmark": "Denmark",
    "Suomi": "Finland", "Magyarország": "Hungary", "Brasil": "Brazil", "Al-Maghreb": "Morocco", "Lubnan": "Lebanon",
    "Al-Urdun": "Jordan", "Azärbaycan": "Azerbaijan", "Hrvatska": "Croatia", "Slovensko": "Slovakia", "Shqipëria": "Albania",
}  # fmt: skip
