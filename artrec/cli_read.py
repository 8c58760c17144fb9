"""`python -m artrec read TEXT`: what the heads read out of any text."""

import json


def read(text: str, as_json: bool) -> int:
    """Print movement, genre, type, moods, subjects, sentiment and keywords of a text, with probabilities."""
    from artrec.encoder import load_encoder
    from artrec.reading import read_text

    found = read_text(text, load_encoder())
    if as_json:
        document = {name: [{"label": label, "probability": chance} for label, chance in pairs] for name, pairs in found.items()}
        print(json.dumps({"text": text} | document, ensure_ascii=False, indent=1))
        return 0
    for name, pairs in found.items():
        if name == "keywords":
            said = ", ".join(label for label, _ in pairs)
        elif name == "strength":
            said = f"{pairs[0][1]:.2f}"
        else:
            said = ", ".join(f"{label} {chance:.0%}" for label, chance in pairs)
        print(f"{name:<10} {said or '–'}")
    return 0
