"""GOT's tasks and their exact prompt strings; the trailing blank after the colon is part of them.

Source: GOT-OCR2.0 `demo/run_ocr_2.0.py`, `demo/run_ocr_2.0_crop.py`.
"""

from typing import Literal

Task = Literal["plain", "format"]


def task_of(markup_format: str) -> Task:
    """The task that asks for a target of this format."""
    return "plain" if markup_format == "plain" else "format"


PROMPTS: dict[Task, str] = {"plain": "OCR: ", "format": "OCR with format: "}
