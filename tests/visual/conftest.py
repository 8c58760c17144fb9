"""Tests learn from few patches: the machinery is the same, in a tenth of the time."""

import pytest

from artrec.visual import patches


@pytest.fixture(scope="session", autouse=True)
def few_patches():
    """A coarser grid, fewer words and a smaller sample for the whole session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patches, "GRID", 12)
        patch.setattr(patches, "WORDS", 8)
        patch.setattr(patches, "SAMPLE", 4_000)
        yield
