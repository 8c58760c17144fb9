"""Country → the region of the world it lies in, by the United Nations' geoscheme (M49)."""

from functools import lru_cache

REGIONS = ("Africa", "Asia", "Europe", "Latin America and the Caribbean", "Northern America", "Oceania")


@lru_cache(maxsize=4096)
def region(country: str) -> str:
    """One of `REGIONS`, or an empty string where the country is unknown or not given.

    Northern America is Canada, the United States, Greenland and Bermuda; Mexico counts with Latin America.
    """
    from countryinfo import CountryInfo, CountryNotFoundError

    if not country.strip():
        return ""
    try:
        found = CountryInfo(country.strip())
    except (CountryNotFoundError, ValueError):
        return ""
    continent = found.subregion() if found.region() == "Americas" else found.region()
    return continent if continent in REGIONS else ""
