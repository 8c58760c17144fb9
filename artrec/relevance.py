"""How good is a match, said honestly: against the whole collection, and against questions that have no answer in it.

- `relevance`: the share of the collection with a lower score for the same question.
- `Noise`: how well the best work answers questions that have nothing to do with art. Best-of-many values follow
  Gumbel's extreme-value law (Gumbel 1958, fitted by moments); a question whose best match is not clearly above it has
  "no good match". Meaning and words are two tests, joined by Fisher's method (1925).
"""

import math
from dataclasses import asdict, dataclass

import numpy as np

from artrec.encoder import Encoder
from artrec.lexical import Lexical

LEVEL = 0.01  # chance that a question without an answer passes as one that has
EULER = 0.5772156649
NO_MATCH = "among the nearest, but no good match"

OFF_TOPIC = (
    "how to reset a router password", "annual tax return deadline", "list comprehension raises a syntax error",
    "compare fixed mortgage rates", "yesterday's football results", "consensus in a distributed ledger",
    "carburettor cleaning manual", "validate a web token signature", "insulin dose after meals", "cheap flights on tuesday",
    "cookie recipe without eggs", "container cluster ingress timeout", "download the printer driver", "worst case of quicksort",
    "replacement bags for a vacuum cleaner", "playoff schedule", "hire a plumber", "stock index futures", "solubility of salts",
    "late fee on a credit card", "laptop does not charge over usb", "appeal a parking ticket", "spreadsheet pivot formula",
    "tyre pressure for winter", "visa application fee", "wifi keeps dropping", "convert miles to kilometres",
    "gym membership cost",
    "quarterly earnings call", "how long to boil an egg", "pension contribution limit", "antivirus subscription renewal",
    "bus timetable on sunday", "seo keyword research", "allergy tablets dosage", "phone contract without deposit",
    "sql join on two keys", "dishwasher error code", "train for a half marathon", "lawn fertiliser in spring",
    "xkcd qwpo zmvn", "asdf jklh", "blargh frumple snizz", "invoice number missing", "two factor login code",
    "update graphics driver", "minimum wage by state", "baggage allowance", "used car warranty", "stain remover for carpet",
)  # fmt: skip


@dataclass(frozen=True)
class Noise:
    """Gumbel location and scale of the best cosine and of the best words score over off-topic questions."""

    cosine: tuple[float, float]
    words: tuple[float, float]

    def as_dict(self) -> dict:
        """For the manifest."""
        return asdict(self)


def measure_noise(vectors: np.ndarray, lexical: Lexical, encoder: Encoder) -> Noise:
    """Ask the collection all of `OFF_TOPIC` and fit what comes back."""
    best = (vectors @ encoder.encode(OFF_TOPIC).T).max(axis=0)
    words = np.array([lexical.scores(lexical.query_tokens(text)).max() for text in OFF_TOPIC])
    return Noise(_gumbel(best), _gumbel(words))


def _gumbel(values: np.ndarray) -> tuple[float, float]:
    scale = max(float(values.std()) * math.sqrt(6) / math.pi, 1e-3)
    return float(values.mean()) - EULER * scale, scale


def _tail(value: float, law: tuple[float, float]) -> float:
    return -math.expm1(-math.exp(min(-(value - law[0]) / law[1], 700.0)))  # beyond it exp overflows, and the tail is 1


def chance_of_noise(best_cosine: float | None, best_words: float | None, noise: Noise) -> float:
    """Probability that a question without an answer reaches such bests. None for a side that did not speak."""
    tails = []
    if best_cosine is not None:
        tails.append(_tail(best_cosine, noise.cosine))
    if best_words is not None:
        tails.append(_tail(best_words, noise.words))
    if len(tails) < 2:
        return tails[0] if tails else 1.0
    product = max(tails[0] * tails[1], 1e-300)
    return product * (1 - math.log(product))  # Fisher: the upper tail of χ² with four degrees of freedom


def relevance(scores: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Share of the background's scores below each score (float64, in [0, 1])."""
    ordered = np.sort(background)
    return np.searchsorted(ordered, scores - 1e-12, side="left") / max(len(ordered), 1)


def phrase(share: float | None) -> str:
    """`relevance` as people read it."""
    if share is None:
        return "passes your filters"
    percent = math.floor(share * 100 + 1e-9)
    return f"stronger than {percent} % of the collection" if percent < 100 else "stronger than all the rest"
