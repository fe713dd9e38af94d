"""How usual a word is, in languages that have a list of words at hand."""

from functools import cache

from wordfreq import available_languages, zipf_frequency

_SAME_WORDS = {"hr": "sh", "bs": "sh", "sr": "sh"}
"""Languages whose words are in the list of another."""

_SEGMENTED = frozenset({"zh", "ja", "ko"})
"""wordfreq cuts these into words by packages that are not installed with it."""


def has_list(language: str) -> bool:
    """Whether there is a list of the words of a language, BCP 47."""
    return _list_of(language) in available_languages("small") and language not in _SEGMENTED


@cache
def zipf(word: str, language: str) -> float:
    """How usual a word is: log10 of its number in a milliard words; 0 where it is in no list, or there is none."""
    return zipf_frequency(word, _list_of(language), "small") if has_list(language) else 0.0


def _list_of(language: str) -> str:
    return _SAME_WORDS.get(language, language)
