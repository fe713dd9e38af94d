"""Which language a paragraph is in: its script first, then py3langid among the languages that are written in it.

Most scripts belong to one language; Latin, Cyrillic, Arabic, Devanagari and Bengali are shared, and there a short
paragraph has the language of its neighbours.
"""

from collections import Counter
from functools import cache

import regex
from langcodes import standardize_tag, tag_is_valid
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from renderers.core.errors import ConfigError

SCRIPTS = {
    "Latn": r"\p{Latin}",
    "Hans": r"\p{Han}",
    "Jpan": r"\p{Hiragana}\p{Katakana}",
    "Kore": r"\p{Hangul}",
    "Cyrl": r"\p{Cyrillic}",
    "Grek": r"\p{Greek}",
    "Arab": r"\p{Arabic}",
    "Hebr": r"\p{Hebrew}",
    "Deva": r"\p{Devanagari}",
    "Thai": r"\p{Thai}",
    "Beng": r"\p{Bengali}",
    "Taml": r"\p{Tamil}",
    "Telu": r"\p{Telugu}",
    "Gujr": r"\p{Gujarati}",
    "Guru": r"\p{Gurmukhi}",
    "Knda": r"\p{Kannada}",
    "Mlym": r"\p{Malayalam}",
    "Geor": r"\p{Georgian}",
    "Armn": r"\p{Armenian}",
    "Ethi": r"\p{Ethiopic}",
    "Khmr": r"\p{Khmer}",
    "Laoo": r"\p{Lao}",
    "Mymr": r"\p{Myanmar}",
    "Sinh": r"\p{Sinhala}",
}
"""Letters by the name of their script (ISO 15924)."""
_LANGUAGES = {
    "Jpan": "ja",
    "Kore": "ko",
    "Grek": "el",
    "Hebr": "he",
    "Thai": "th",
    "Taml": "ta",
    "Telu": "te",
    "Gujr": "gu",
    "Guru": "pa",
    "Knda": "kn",
    "Mlym": "ml",
    "Geor": "ka",
    "Armn": "hy",
    "Ethi": "am",
    "Khmr": "km",
    "Laoo": "lo",
    "Mymr": "my",
    "Sinh": "si",
}
_CANDIDATES = {
    "Cyrl": frozenset({"be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "uk"}),
    "Arab": frozenset({"ar", "fa", "ps", "ug", "ur"}),
    "Deva": frozenset({"hi", "mr", "ne"}),
    "Beng": frozenset({"as", "bn"}),
}
_NOT_LATIN = frozenset({"zh", "dz", "or"}).union(_LANGUAGES.values(), *_CANDIDATES.values())
_RENAMED = {"no": "nb"}
_MIN_LETTERS = 40
"""Letters from which a paragraph of a shared script is detected without its neighbours."""
_LETTER = regex.compile(r"\p{L}")
_MATCHERS = {script: regex.compile(f"[{letters}]") for script, letters in SCRIPTS.items()}
_TRADITIONAL = 0.05

_SCRIPTS_OF_LANGUAGES = {
    "zh": "Hans",
    "yi": "Hebr",
    **{language: script for script, language in _LANGUAGES.items()},
    **{language: script for script, languages in _CANDIDATES.items() for language in languages},
}


def script_of(text: str) -> str:
    """The script that most letters are of, by its ISO 15924 name; "" for none of the known ones."""
    counts = dict.fromkeys(("", *SCRIPTS), 0)
    for char, num in Counter(text).items():
        counts[_script_of_char(char)] += num
    counts[""] = 0
    # Japanese and Korean are written with Han too.
    for script in ("Jpan", "Kore"):
        if counts[script] > 0.1 * counts["Hans"]:
            counts[script] += counts["Hans"]
            counts["Hans"] = 0
    return max(counts, key=lambda name: counts[name])


@cache
def _script_of_char(char: str) -> str:
    return next((script for script, matcher in _MATCHERS.items() if matcher.match(char)), "")


def script_of_language(language: str) -> str:
    """The script that a language is written in, by its ISO 15924 name."""
    parts = language.split("-")
    if "Latn" in parts or "Cyrl" in parts:
        return "Latn" if "Latn" in parts else "Cyrl"
    return _SCRIPTS_OF_LANGUAGES.get(language) or _SCRIPTS_OF_LANGUAGES.get(parts[0], "Latn")


def language_of(text: str, neighbours: str = "") -> str:
    """The language of a text, a tag of BCP 47; of a short text that of its neighbours, if their script is the same."""
    script = script_of(text)
    if script in _LANGUAGES:
        return _LANGUAGES[script]
    if script == "Hans":
        return _chinese(text)
    num_letters = len(_LETTER.findall(text))
    if neighbours and script_of_language(neighbours) == script and num_letters < _MIN_LETTERS:
        return neighbours
    if not script:
        return neighbours or "und"
    candidates = _CANDIDATES.get(script)
    ranked: list[str] = [
        _RENAMED.get(name, name)
        for name, _ in _identifier().rank(text)
        if (name in candidates if candidates else name not in _NOT_LATIN)
    ]
    # The neighbours decide where the text alone ranks their language first or second.
    if neighbours in ranked[:2] and num_letters < 5 * _MIN_LETTERS:
        return neighbours
    return ranked[0]


def checked_language(tag: str) -> str:
    """A tag of BCP 47 in its standard form.

    Raises:
        ConfigError: it is not valid.
    """
    if not tag_is_valid(tag):
        raise ConfigError(f"language {tag!r} is no tag of BCP 47; give one such as en, zh, zh-Hant, ar or pt-BR")
    return standardize_tag(tag)


def _chinese(text: str) -> str:
    """zh, or zh-Hant where more than a share of the characters are in Big 5 and not in GB 2312."""
    han = _MATCHERS["Hans"].findall(text)
    foreign = [char for char in han if not _encodes(char, "gb2312") and _encodes(char, "big5")]
    return "zh-Hant" if len(foreign) > _TRADITIONAL * len(han) else "zh"


def _encodes(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)
