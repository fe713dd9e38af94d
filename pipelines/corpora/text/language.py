"""Which language a paragraph is in: its script first, then py3langid among the languages that are written so.

Most scripts say the language; Latin, Cyrillic, Arabic and Devanagari are shared, and there a short paragraph follows
its neighbours.
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
_AMONG = {
    "Cyrl": frozenset({"be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "uk"}),
    "Arab": frozenset({"ar", "fa", "ps", "ug", "ur"}),
    "Deva": frozenset({"hi", "mr", "ne"}),
    "Beng": frozenset({"as", "bn"}),
}
_NOT_LATIN = frozenset({"zh", "dz", "or"}).union(_LANGUAGES.values(), *_AMONG.values())
_OWN = {"no": "nb"}
_ENOUGH = 40
"""Letters from which a paragraph of a shared script is judged by itself."""
_LETTER = regex.compile(r"\p{L}")
_MATCHERS = {script: regex.compile(f"[{letters}]") for script, letters in SCRIPTS.items()}
_TRADITIONAL = 0.05

_OF_LANGUAGE = {
    "zh": "Hans",
    "yi": "Hebr",
    **{language: script for script, language in _LANGUAGES.items()},
    **{language: script for script, languages in _AMONG.items() for language in languages},
}


def script_of(text: str) -> str:
    """The script that most letters are of, by its ISO 15924 name; "" for none of the known ones."""
    counts = dict.fromkeys(("", *SCRIPTS), 0)
    for sign, num in Counter(text).items():
        counts[_script_of_sign(sign)] += num
    counts[""] = 0
    # Japanese and Korean are written with Han too.
    for script in ("Jpan", "Kore"):
        if counts[script] > 0.1 * counts["Hans"]:
            counts[script] += counts["Hans"]
            counts["Hans"] = 0
    return max(counts, key=lambda name: counts[name])


@cache
def _script_of_sign(sign: str) -> str:
    return next((script for script, matcher in _MATCHERS.items() if matcher.match(sign)), "")


def script_of_language(language: str) -> str:
    """The script that a language is written in."""
    parts = language.split("-")
    if "Latn" in parts or "Cyrl" in parts:
        return "Latn" if "Latn" in parts else "Cyrl"
    return _OF_LANGUAGE.get(language) or _OF_LANGUAGE.get(parts[0], "Latn")


def language_of(text: str, neighbours: str = "") -> str:
    """BCP 47, by the text; where that is too short to say, that of its neighbours if it is of the same script."""
    script = script_of(text)
    if script in _LANGUAGES:
        return _LANGUAGES[script]
    if script == "Hans":
        return _chinese(text)
    num_letters = len(_LETTER.findall(text))
    if neighbours and script_of_language(neighbours) == script and num_letters < _ENOUGH:
        return neighbours
    if not script:
        return neighbours or "und"
    among = _AMONG.get(script)
    ranked: list[str] = [
        _OWN.get(name, name)
        for name, _ in _identifier().rank(text)
        if (name in among if among else name not in _NOT_LATIN)
    ]
    # Neighbours count where the text alone is nearly as good for them.
    if neighbours in ranked[:2] and num_letters < 5 * _ENOUGH:
        return neighbours
    return ranked[0]


def checked_language(tag: str) -> str:
    """A tag of BCP 47 in its usual writing.

    Raises:
        ConfigError: it is none.
    """
    if not tag_is_valid(tag):
        raise ConfigError(f"language {tag!r} is no tag of BCP 47; give one such as en, zh, zh-Hant, ar or pt-BR")
    return standardize_tag(tag)


def _chinese(text: str) -> str:
    """Simplified, or traditional where characters are only in Big 5."""
    han = _MATCHERS["Hans"].findall(text)
    foreign = [sign for sign in han if not _encodes(sign, "gb2312") and _encodes(sign, "big5")]
    return "zh-Hant" if len(foreign) > _TRADITIONAL * len(han) else "zh"


def _encodes(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)
