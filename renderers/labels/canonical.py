"""What all grammars of targets share."""

from collections.abc import Callable
from typing import TypeAlias

from renderers.core.errors import LabelError

Span: TypeAlias = tuple[int, int]
"""Start and stop of characters in a target."""


def find_fault(normalize: Callable[[str], str], text: str, differs: str) -> str | None:
    """Why a text is not a canonical target, or None.

    Args:
        normalize: of the grammar; raises LabelError where the text is no target.
        text: the candidate.
        differs: what may differ where it is one, but not a canonical one.
    """
    try:
        normal = normalize(text)
    except LabelError as error:
        return str(error)
    return None if normal == text else f"not canonical: {differs} differ"
