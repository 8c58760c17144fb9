"""What all sessions share: the recommender (immutable) and the pictures on disk."""

import contextlib
import threading
from pathlib import Path

import streamlit as st

from artrec import config, jobs
from artrec.artifacts import open_collection, read_manifest
from artrec.encoder import LazyEncoder, load_encoder
from artrec.errors import ArtrecError
from artrec.pictures import Pictures
from artrec.recommender import Recommender

EDITION_KEPT = 10  # seconds until a database is asked again whether there is a newer edition
WARM_AFTER = 0.8  # seconds: the first page is on screen before the encoder asks for the processor


def folder_of(slug: str) -> Path | str:
    """The folder of a collection that the user brought in; the one in use, or its database, where there is none of that
    name."""
    return jobs.collections().get(slug) or config.collection()


def recommender(slug: str = "") -> Recommender:
    """The recommender over a collection; loaded anew where its manifest changed. Raises `ArtrecError`."""
    folder = folder_of(slug)
    if config.is_address(folder):
        return _load(folder, _edition(folder))
    return _load(str(folder), (folder / "manifest.json").stat().st_mtime_ns if read_manifest(folder) else 0)


@st.cache_data(show_spinner=False, ttl=EDITION_KEPT)
def _edition(address: str) -> int:
    """The edition published last; asked again every few seconds."""
    from artrec.engines.postgres import current_edition

    return current_edition(address)


@st.cache_resource(show_spinner=False, max_entries=2)
def _load(folder: str, changed: int) -> Recommender:
    collection = open_collection(folder)
    encoder = LazyEncoder(load_encoder, collection.manifest["encoder"]["fingerprint"])
    recommender = Recommender(collection, encoder)
    timer = threading.Timer(WARM_AFTER, _warm, (recommender,))
    timer.daemon = True
    timer.start()
    return recommender


def _warm(recommender: Recommender) -> None:
    """Before anybody asks: load the encoder, and make the arrays that the first like would otherwise wait for."""
    recommender.encoder.warm()
    with contextlib.suppress(ArtrecError):  # a database that went away: the first question meets it again and says so
        recommender.similar(recommender.collection.catalogue[0].artwork_id)


@st.cache_resource(show_spinner=False)
def pictures() -> Pictures:
    """Thumbnails kept on disk, fetched only where the user allows it."""
    return Pictures()
