"""A page to degrade, for the tests of effects: words of one size with their boxes, drawn by Pillow."""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from renderers.core.renderer import Pixels, Region

COLOURED = {"tint", "stains", "ruling", "perspective", "light"}
"""Effects that may turn a grey page into a coloured one."""

_WORDS = "scan page fold light paper ink under over blur dust noise lens shade glare curl stain tint copy print"


@cache
def page(height: int, width: int, size_px: int = 20) -> tuple[Pixels, tuple[Region, ...]]:
    """Words in lines on white, grey: (H, W), and a region for each. Not to be changed."""
    image = Image.new("L", (width, height), 255)
    font_px = min(size_px, height // 2)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(font_px)
    words = _WORDS.split()
    regions: list[Region] = []
    edge = min(30, height // 5)
    y = edge
    while y + 1.2 * font_px < height:
        x = edge
        while x < width:
            word = words[len(regions) * 7 % len(words)]
            box = pen.textbbox((x, y), word, font=font)
            if box[2] + 2 > width or box[3] + 2 > height:
                break
            pen.text((x, y), word, font=font, fill=10)
            regions.append(Region(tuple(map(float, box)), word, "word", order=len(regions)))  # type: ignore[arg-type]
            x = int(box[2]) + font_px // 2
        y += int(1.5 * font_px)
    pixels = np.asarray(image).copy()
    pixels.flags.writeable = False
    return pixels, tuple(regions)
