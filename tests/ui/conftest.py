"""Pages are driven through app.py; both caches are cleared for every test."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from artrec import config


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
