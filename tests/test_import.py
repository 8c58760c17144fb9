"""What a start must not load. Each in a process of its own, because this one has loaded everything."""

import json
import subprocess
import sys

import pytest

from artrec import config

HEAVY = {"streamlit", "torch", "sentence_transformers", "transformers", "umap", "numba", "sklearn", "peft", "pandas", "onnx"}


def loaded_by(code: str) -> set[str]:
    """The top-level modules that are loaded after some code has run."""
    program = f"import json, sys\n{code}\nprint(json.dumps(sorted({{m.split('.')[0] for m in sys.modules if sys.modules[m]}})))"
    done = subprocess.run([sys.executable, "-c", program], cwd=config.ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_artrec_loads_next_to_nothing():
    assert not loaded_by("import artrec") & (HEAVY | {"numpy", "pydantic"})


def test_importing_the_recommender_loads_neither_streamlit_nor_torch_nor_umap():
    found = loaded_by("import artrec, artrec.recommender, artrec.artifacts, artrec.explanation, artrec.cleaning, artrec.cli")
    assert "artrec" in found and not found & HEAVY


def test_a_whole_search_loads_none_of_them_either(encoder):
    code = """
from artrec.artifacts import open_collection
from artrec.encoder import LazyEncoder, load_encoder
from artrec.recommender import Recommender
recommender = Recommender(open_collection(), LazyEncoder(load_encoder))
assert len(recommender.search("a storm at sea").results) == 10
"""
    found = loaded_by(code)
    assert "openvino" in found and not found & HEAVY


@pytest.mark.parametrize("module", ["catalogue", "text", "errors", "filters", "lexical"])
def test_the_first_modules_do_not_wake_the_encoder(module):
    assert not loaded_by(f"import artrec.{module}") & (HEAVY | {"onnxruntime", "tokenizers", "hnswlib"})
