"""The special tokens and fixed words of GOT's conversation.

Source: GOT-OCR2.0 `conversation.py`, `GOT_ocr_2_0.py`; its issue #166: another system turn changes the answers
strongly.
"""

END = "<|endoftext|>"
TURN_START, TURN_END = "<|im_start|>", "<|im_end|>"
IMAGE_START, IMAGE_END, IMAGE_PAD = "<img>", "</img>", "<imgpad>"

SPECIAL_TOKENS = (END, TURN_START, TURN_END, IMAGE_START, IMAGE_END, IMAGE_PAD)
"""What every tokenizer must hold."""

SYSTEM_TURN = "system\nYou should follow the instructions carefully and explain your answers in detail."
