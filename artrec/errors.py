"""Everything ArtRec raises on purpose: one sentence that says what happened, and the cure.

Pages and the command line catch `ArtrecError` alone; anything else is a defect and should be seen.
"""


class ArtrecError(Exception):
    """What happened and what to do about it, in one line fit for a user's eyes."""

    def __init__(self, fact: str, cure: str):
        super().__init__(f"{fact} {cure}".strip())
        self.fact = fact
        self.cure = cure


class CatalogueError(ArtrecError):
    """Records that break the schema. `problems` lists every one, not only the first."""

    def __init__(self, fact: str, cure: str, problems: list[str] | None = None):
        super().__init__(fact, cure)
        self.problems = problems or []


class QueryError(ArtrecError):
    """A question that cannot be asked: empty, far too long, or contradicting itself."""


class UnknownArtwork(ArtrecError):
    """An `artwork_id` that the catalogue does not hold."""


class ArtifactError(ArtrecError):
    """A built collection that is missing, damaged, or made from another catalogue or model."""


class EncoderError(ArtrecError):
    """A model that cannot be loaded or that fails its check."""
