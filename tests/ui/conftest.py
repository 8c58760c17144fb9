"""Pages are driven through app.py; both caches are cleared for every test."""

import json
import shutil

import pytest
import streamlit as st
from helpers import HashingEncoder
from helpers_lab import DOCUMENTS, Base
from streamlit.testing.v1 import AppTest

from artrec import config
from artrec.ui import lab_compare, resources


@pytest.fixture(autouse=True)
def fresh_caches():
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def app():
    """`app("pages/map.py", likes="a,b")`: a page of the app after its first run, with these query parameters."""

    def run(page: str = "pages/discover.py", **query: str) -> AppTest:
        test = AppTest.from_file(str(config.ROOT / "app.py"), default_timeout=60)
        for key, value in query.items():
            test.query_params[key] = value
        if page == "pages/discover.py":
            return test.run()
        test.switch_page(page)
        return test.run()

    return run


@pytest.fixture
def base(monkeypatch):
    """Another model than any collection of the tests was built with, in place of the real one."""
    monkeypatch.setattr(lab_compare, "load_encoder", lambda chosen: Base())


@pytest.fixture
def documents(built, tmp_path, monkeypatch):
    """A folder with every document, in place of the shipped one; the adapter's own files are there too. The collection is
    the toy world, because nothing here depends on it."""
    monkeypatch.setenv("ARTREC_COLLECTION", str(built))
    monkeypatch.setattr(resources, "load_encoder", HashingEncoder)
    folder = tmp_path / "encoder"
    shutil.copytree(config.ADAPTER, folder)
    for name, document in DOCUMENTS.items():
        (folder / name).write_text(json.dumps(document))
    monkeypatch.setattr(config, "ADAPTER", folder)
    return folder
