"""A corpus of running text that no update of a package changes: sentences of random words, in every language."""

from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from wordfreq import top_n_list

from renderers.content.prose.prose import Prose
from renderers.content.prose.table import ProseTable, SplitRows
from renderers.drawing.documents.style import languages

_THAI = ["ภาษา", "ไทย", "เป็น", "ที่", "มี", "เสียง", "ของ", "คำ", "น้ำ", "บ้าน", "คน", "วัน", "นี้", "ไป", "มา", "ทำ", "งาน"]
_STOPS = {"zh": "。", "ja": "。", "hi": "।", "th": ""}


def whole_prose(path: Path) -> Prose:
    """All of a corpus, as no split has it."""
    table = ProseTable("0" * 64, pq.read_table(path))
    return Prose(table, SplitRows(np.full(table.table.num_rows, True), {}))


def write_prose(path: Path) -> str:
    """Write it; the path as a knob takes it."""
    rows: list[tuple[int, int, str, str, str]] = []
    for document, language in enumerate(sorted(languages())):
        random = Random(language)
        words = _THAI if language == "th" else [word for word in top_n_list(language, 3000) if word.isalpha()]
        between = "" if language in ("zh", "ja", "th") else " "

        def phrase(
            least: int, most: int, random: Random = random, words: list[str] = words, between: str = between
        ) -> str:
            said = between.join(random.choices(words, k=random.randint(least, most)))
            return said[0].upper() + said[1:]

        for place in range(200):
            said = [phrase(5, 18) + _STOPS.get(language, ".") for _ in range(random.randint(2, 7))]
            rows.append((document, place, "paragraph", language, ("" if language in ("zh", "ja") else " ").join(said)))
        rows += [(document, 200 + place, "heading", language, phrase(2, 5)) for place in range(60)]
    names = ("document", "place", "kind", "language", "text")
    pq.write_table(pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))), path)
    return str(path)
