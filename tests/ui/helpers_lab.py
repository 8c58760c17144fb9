"""What the Lab's tests share: documents in place of the shipped ones, and a base encoder that needs no model."""

from helpers import HashingEncoder

LAB = "pages/lab.py"
INTERVAL = {"mean": 0.5, "low": 0.4, "high": 0.6}
BINS = [{"confidence": 0.3, "accuracy": 0.2, "works": 9}, {"confidence": 0.8, "accuracy": 0.9, "works": 9}]
DOCUMENTS = {
    "training.json": {
        "settings": {"rank": 16}, "rows": 1234, "losses": [{"step": 5, "loss": 2.0}, {"step": 10, "loss": 1.0}],
        "passes": [
            {"step": 10, "seconds": 60, "score": 0.61, "queries": 0.5, "titles": 0.7, "museum": 0.3},
            {"step": 20, "seconds": 120, "score": 0.64, "queries": 0.6, "titles": 0.68, "museum": 0.31},
        ],
    },
    "manifest.json": {
        "pairs": 9225, "kinds": {"visitor": 4000, "title": 915}, "notes": 640, "validation": 0.64,
        "command": "python -m artrec train encoder --museum objects.jsonl.gz",
        "settings": {"rank": 16, "targets": ["query", "key"]},
    },
    "search.json": {
        "data": "x", "settings": {},
        "variants": {
            "as it ships": {"changed": {}, "seconds": 600, "score": 0.6, "queries": 0.5, "titles": 0.7},
            "no notes": {"changed": {"notes_share": 0.0}, "seconds": 540, "score": 0.65, "queries": 0.6, "titles": 0.7},
        },
    },
    "heads.json": {
        "encoder": "another", "heads": {},
        "figures": {
            "movement": {
                "labels": 52, "all": {"works": 180, "macro_f1": INTERVAL, "tfidf_macro_f1": INTERVAL},
                "top 20": {"works": 140, "macro_f1": INTERVAL}, "calibration_error": 0.04, "reliability": BINS,
            },
            "sentiment": {"labels": 3, "notes": 200, "macro_f1": INTERVAL, "strength_error": 0.12, "reliability": BINS},
        },
    },
    "backends.json": {"rows": [{"backend": "torch", "texts_per_second": 21.4}, {"backend": "onnx", "times_plain": 2.4}]},
}  # fmt: skip


class Base(HashingEncoder):
    """Another model than any collection of the tests was built with."""

    name = "base"
    fingerprint = "base-of-the-lab-tests"

    def encode(self, texts):
        return super().encode([text[: max(12, len(text) // 3)] for text in texts])


def said(test) -> str:
    from test_pages import texts  # not above: conftest reads this file before the tests are there

    return texts(test).replace("\\", "")


def numbers(test) -> dict[str, str]:
    return {metric.label: metric.value for metric in test.metric}


def frame_with(test, column: str):
    """The first table that has a column."""
    return next(table.value for table in (*test.dataframe, *test.table) if column in table.value.columns)
