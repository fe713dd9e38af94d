"""GOT's tasks and their exact prompt strings; the trailing blank after the colon is part of them.

Source: GOT-OCR2.0 `demo/run_ocr_2.0.py`, `demo/run_ocr_2.0_crop.py`.
"""

from typing import Literal

Task = Literal["plain", "format"]

PROMPTS: dict[Task, str] = {"plain": "OCR: ", "format": "OCR with format: "}
