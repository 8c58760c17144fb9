import numpy as np
import pytest
from helpers_visual import painters, plain

from artrec.errors import EncoderError
from artrec.visual.descriptor import Descriptor
from artrec.visual.encoder import MODEL, ClipEncoder, OfflineEncoder, load_image_encoder


@pytest.fixture(scope="module")
def tiny_clip(tmp_path_factory):
    """A CLIP of one layer, 16 wide, with random weights: small, and all there."""
    import torch
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPProcessor, CLIPTokenizer

    folder = tmp_path_factory.mktemp("clip")
    torch.manual_seed(0)
    tower = dict(hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2)
    CLIPModel(
        CLIPConfig(
            text_config=dict(tower, vocab_size=54, max_position_embeddings=12, bos_token_id=0, eos_token_id=1, pad_token_id=1),
            vision_config=dict(tower, image_size=32, patch_size=8),
            projection_dim=12,
        )
    ).save_pretrained(folder)
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    pieces = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{letter}</w>" for letter in letters)]
    words = CLIPTokenizer(vocab={piece: n for n, piece in enumerate(pieces)}, merges=[], model_max_length=12)
    images = CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    CLIPProcessor(images, words).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module", params=["offline", "clip"])
def encoder(request):
    if request.param == "offline":
        pictures, labels = painters(4)
        return OfflineEncoder(Descriptor.fit(pictures, labels=labels))
    return ClipEncoder(str(request.getfixturevalue("tiny_clip")))


def test_pictures_become_unit_rows(encoder):
    pictures = painters(3)[0]
    vectors = encoder.encode_pictures(pictures)
    assert vectors.shape == (6, encoder.dimension) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)


def test_no_pictures_are_no_rows(encoder):
    assert encoder.encode_pictures([]).shape == (0, encoder.dimension)


def test_company_does_not_change_a_vector(encoder):
    pictures = [plain((200, 30, 30)), plain((30, 30, 200), 100, 50), *painters(2)[0]]
    together = encoder.encode_pictures(pictures)
    alone = np.concatenate([encoder.encode_pictures([picture]) for picture in pictures])
    assert np.abs(together - alone).max() < 1e-4


def test_texts_lie_in_the_same_space_or_it_says_why_not(encoder):
    if not encoder.reads_text:
        with pytest.raises(EncoderError, match="knows no words"):
            encoder.encode_texts(["a red boat"])
        return
    vectors = encoder.encode_texts(["a red boat", "a very long text " * 30, ""])
    assert vectors.shape == (3, encoder.dimension) and np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)
    assert encoder.encode_texts([]).shape == (0, encoder.dimension)


def test_a_model_is_loaded_where_one_is_named(tiny_clip, monkeypatch):
    monkeypatch.delenv(MODEL, raising=False)
    assert load_image_encoder() is None
    monkeypatch.setenv(MODEL, str(tiny_clip))
    assert load_image_encoder().fingerprint == ClipEncoder(str(tiny_clip)).fingerprint


def test_what_is_no_picture_model_is_one_sentence(tiny, tmp_path):
    for model in (tiny.model, str(tmp_path)):
        with pytest.raises(EncoderError, match="picture model"):
            ClipEncoder(model)
