"""`python -m tests.bench.contact_sheet OUT.png DATASET...`: pictures of data sets side by side, for the README."""

import io
import sys
from itertools import chain
from pathlib import Path

import pyarrow.parquet as pq
from PIL import Image

_COLUMNS, _ROWS, _CELL_PX, _GAP_PX = 6, 6, (330, 250), 8


def _images(file: Path) -> list[dict]:  # type: ignore[type-arg]
    images: list[dict] = pq.read_table(file, columns=["image"]).column("image").to_pylist()  # type: ignore[type-arg]
    return images


def main(out: Path, datasets: list[Path]) -> None:
    folders = [folder for dataset in datasets for folder in sorted((dataset / "data").iterdir())]
    parts = [sorted(folder.glob("train-*.parquet")) for folder in folders]
    streams = [chain.from_iterable(map(_images, files)) for files in parts]
    width = _COLUMNS * (_CELL_PX[0] + _GAP_PX) + _GAP_PX
    sheet = Image.new("RGB", (width, _ROWS * (_CELL_PX[1] + _GAP_PX) + _GAP_PX), "#d8d8d8")
    for place in range(_COLUMNS * _ROWS):
        row, column = divmod(place, _COLUMNS)
        picture = Image.open(io.BytesIO(next(streams[(row + column) % len(streams)])["bytes"])).convert("RGB")
        picture.thumbnail(_CELL_PX, Image.Resampling.LANCZOS)
        x = _GAP_PX + column * (_CELL_PX[0] + _GAP_PX) + (_CELL_PX[0] - picture.width) // 2
        y = _GAP_PX + row * (_CELL_PX[1] + _GAP_PX) + (_CELL_PX[1] - picture.height) // 2
        sheet.paste(picture, (x, y))
    sheet.quantize(256).save(out, optimize=True)


main(Path(sys.argv[1]), [Path(given) for given in sys.argv[2:]])
