"""`python -m artrec topics`: what a collection is about, as text or JSON."""

import json
from pathlib import Path

from artrec.artifacts import open_collection
from artrec.errors import ArtifactError
from artrec.topics import Topic

TYPICAL = 3  # works named of each topic


def topics(folder: Path | None, as_json: bool) -> int:
    """Print the topics of a built collection, largest first: name, works, terms, typical works. Returns 0.

    Raises `ArtifactError` where the collection was built without topics.
    """
    collection = open_collection(folder)
    if not collection.topics:
        raise ArtifactError(
            f"The collection '{collection.name}' was built without topics.",
            "Build it again: python -m artrec build CATALOGUE --out DIR.",
        )
    works = collection.catalogue
    if as_json:
        document = {"collection": collection.name, "topics": [_as_document(topic, works) for topic in collection.topics]}
        print(json.dumps(document, ensure_ascii=False, indent=1))
        return 0
    for topic in collection.topics:
        print(f"{len(topic.rows):6,}  {topic.name}")
        if topic.terms:
            print(f"        {', '.join(text for text, _ in topic.terms)}")
        print(f"        such as {'; '.join(works[int(row)].title for row in topic.rows[:TYPICAL])}")
    return 0


def _as_document(topic: Topic, works) -> dict:
    return {
        "name": topic.name,
        "works": len(topic.rows),
        "terms": [{"term": text, "weight": round(weight, 4)} for text, weight in topic.terms],
        "typical": [works[int(row)].artwork_id for row in topic.rows[:TYPICAL]],
    }
