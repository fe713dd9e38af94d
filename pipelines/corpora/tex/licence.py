"""The licence that a source states."""

import re

_PATTERNS = (
    (r"creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)", "CC-{0}-{1}"),
    (r"creativecommons\.org/publicdomain/zero/1\.0|\bCC0\b", "CC0-1.0"),
    (r"\bCC[ -](BY(?:-(?:SA|NC|ND)){0,2})[ -](\d\.\d)", "CC-{0}-{1}"),
    (r"arxiv\.org/licenses/nonexclusive-distrib/1\.0", "arXiv-nonexclusive-1.0"),
    (r"LaTeX Project Public Licen[sc]e|\bLPPL\b", "LPPL"),
    (r"GNU Free Documentation Licen[sc]e", "GFDL"),
    (r"GNU Lesser General Public Licen[sc]e", "LGPL"),
    (r"GNU General Public Licen[sc]e", "GPL"),
    (r"Apache License,?\s+Version 2\.0", "Apache-2.0"),
    (r"Permission is hereby granted, free of charge", "MIT"),
)
UNKNOWN = "unknown"


def licence_of(text: str) -> str:
    """The short name of the licence that a text states, or UNKNOWN."""
    for pattern, name in _PATTERNS:
        if found := re.search(pattern, text[:100_000], re.IGNORECASE):
            return name.format(*(group.upper() for group in found.groups()))
    return UNKNOWN
