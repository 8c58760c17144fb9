"""How a machine sees a picture, laid over the picture: its edges, where its weight lies, what stands out.

Pure: arrays in, arrays out. Pictures are uint8 (h, w, 3), sRGB.
"""

from dataclasses import dataclass

import numpy as np

from artrec.visual.planes import Planes

PAPER, INK = np.array([246, 242, 233], np.float32), np.array([42, 36, 28], np.float32)
LINE = 0.006  # width of a drawn line, as a share of the longer side


@dataclass(frozen=True)
class Balance:
    """The centre of what stands out, from the middle: −1 is the left or upper edge, 1 the right or lower one."""

    x: float
    y: float


def lab_of(picture: np.ndarray) -> np.ndarray:
    """CIELAB of every pixel: float32 (h, w, 3)."""
    import cv2

    return cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)


def edges(picture: np.ndarray) -> np.ndarray:
    """The picture as a drawing: ink where brightness changes (gradient of a Gaussian), paper elsewhere. uint8 (h, w, 3)."""
    from scipy.ndimage import gaussian_gradient_magnitude

    light = lab_of(picture)[..., 0]
    strength = gaussian_gradient_magnitude(light, max(1.0, max(light.shape) / 400))
    ink = np.clip(1.06 * strength / max(float(np.percentile(strength, 98)), 1.0) - 0.06, 0, 1)[..., None]
    return np.rint(PAPER + (INK - PAPER) * ink).astype(np.uint8)


def saliency(picture: np.ndarray) -> np.ndarray:
    """How far each place stands out, as the features of composition measure it (`planes.Planes.saliency`), scaled: float32
    (h, w) in [0, 1]. It tells what is unlike the rest in colour and brightness, not where people look."""
    import cv2

    found = Planes(picture).saliency
    low, high = np.percentile(found, [30, 98])
    if high - low < 0.2 * found.mean():  # one even field
        return np.zeros(picture.shape[:2], dtype=np.float32)
    h, w = picture.shape[:2]
    whole = cv2.resize(cv2.GaussianBlur(found, (0, 0), 3.0), (w, h), interpolation=cv2.INTER_LINEAR)
    return np.clip((whole - low) / (high - low), 0, 1).astype(np.float32)


def spotlight(picture: np.ndarray, standing_out: np.ndarray) -> np.ndarray:
    """The picture with light on what stands out (`saliency`) and the rest dim and grey. uint8 (h, w, 3)."""
    light = standing_out[..., None]
    grey = picture.mean(axis=2, keepdims=True)
    dim = 0.30 * grey + 0.12 * picture
    return np.rint(dim + (picture - dim) * light).clip(0, 255).astype(np.uint8)


def balance(picture: np.ndarray) -> Balance:
    """The centre of gravity of what stands out; the middle where nothing does."""
    weight = Planes(picture).saliency
    h, w = weight.shape
    total = float(weight.sum())
    x = float(weight.sum(axis=0) @ (np.arange(w) + 0.5)) / total / w
    y = float(weight.sum(axis=1) @ (np.arange(h) + 0.5)) / total / h
    return Balance(2 * x - 1, 2 * y - 1)


def balance_drawn(picture: np.ndarray, at: Balance) -> np.ndarray:
    """The picture, paler, with its thirds, its middle (a cross) and the centre of its weight (a ring). uint8 (h, w, 3)."""
    from PIL import Image, ImageDraw

    h, w = picture.shape[:2]
    scale = 2 if max(h, w) < 900 else 1
    pale = Image.fromarray(np.rint(0.62 * picture + 0.38 * PAPER).astype(np.uint8))
    pale = pale.resize((w * scale, h * scale), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(pale, "RGBA")
    w, h = pale.size
    line = max(2, round(LINE * max(w, h)))
    for third in (1 / 3, 2 / 3):
        draw.line([(w * third, 0), (w * third, h)], fill=(255, 255, 255, 190), width=max(1, line // 2))
        draw.line([(0, h * third), (w, h * third)], fill=(255, 255, 255, 190), width=max(1, line // 2))
    arm = 0.03 * max(w, h)
    for width, colour in ((line * 2, (255, 255, 255, 230)), (line, (42, 36, 28, 255))):
        draw.line([(w / 2 - arm, h / 2), (w / 2 + arm, h / 2)], fill=colour, width=width)
        draw.line([(w / 2, h / 2 - arm), (w / 2, h / 2 + arm)], fill=colour, width=width)
    x, y, radius = w * (1 + at.x) / 2, h * (1 + at.y) / 2, 0.045 * max(w, h)
    draw.ellipse([x - radius, y - radius, x + radius, y + radius], outline=(255, 255, 255, 240), width=line * 3)
    draw.ellipse([x - radius + line, y - radius + line, x + radius - line, y + radius - line], outline=(213, 94, 0, 255),
                 width=line)  # fmt: skip
    return np.asarray(pale)


def balance_words(at: Balance) -> str:
    """Where the weight lies, in a sentence."""
    far = 0.12
    across = "left of" if at.x < -far else "right of" if at.x > far else ""
    along = "above" if at.y < -far else "below" if at.y > far else ""
    if not across and not along:
        return "What stands out weighs evenly around the middle: the picture rests."
    where = " and ".join(filter(None, (along, across)))
    return f"What stands out lies {where} the middle: the picture leans that way."
