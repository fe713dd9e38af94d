"""The font table tells the truth: both drawing programs draw these very files, and widths are theirs."""

import shutil
import subprocess

import pytest
from matplotlib.ft2font import FT2Font, LoadFlags, StyleFlags

from renderers.content import fonts
from renderers.core.errors import CorpusError, NotInstalled

SCRIPTS = ("latin", "han", "book", "hand", "arabic", "hebrew", "devanagari", "thai", "hangul", "kana")
EVERY = tuple(family for script in SCRIPTS for family in fonts.families(script))


FACES = [(family, bold) for family in EVERY for bold in (False, True) if not bold or fonts.has_bold(family)]


@pytest.mark.parametrize(("family", "bold"), FACES)
def test_both_programs_draw_this_file_for_the_family(family: str, bold: bool) -> None:
    """Matplotlib knows a face by FreeType's family name, Chromium asks fontconfig."""
    file, index = fonts.font_file(family, bold), fonts.face_index(family)
    face = FT2Font(file, face_index=index)
    assert face.family_name == family
    assert bool(face.style_flags & StyleFlags.BOLD) == bold
    program = shutil.which("fc-match")
    assert program is not None, "apt-get install fontconfig"
    pattern = f"{family}:weight={200 if bold else 80}"
    found = subprocess.run([program, "-f", "%{file}|%{index}", pattern], capture_output=True, text=True, check=True)
    assert found.stdout == f"{file}|{index}"


@pytest.mark.parametrize("family", EVERY)
def test_widths_are_the_advances_that_freetype_draws(family: str) -> None:
    font = FT2Font(fonts.font_file(family), face_index=fonts.face_index(family))
    font.set_size(500, 72)
    signs = [sign for sign in "H0mi%\u05d0\u05e9\u0e01\u0915" if fonts.missing_glyph((family,), sign) is None]
    for text in signs:
        advance = font.load_char(ord(text), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536
        assert fonts.width_em((family,), text) == pytest.approx(advance / 500, abs=0.02)


def test_every_family_draws_what_charts_are_made_of() -> None:
    for family in fonts.families("latin"):
        assert fonts.missing_glyph((family,), "AZaz09 .,:;%()-'\"/&+$€£°²") is None
    for family in fonts.families("han"):
        assert fonts.missing_glyph((family,), "数据来源：国家统计局（2019年）ABCxyz09.,%-") is None


def test_a_glyph_that_nobody_draws_is_named() -> None:
    assert fonts.missing_glyph(("Lato",), "2019年") == "年"
    assert fonts.missing_glyph(("Lato", "Noto Sans CJK SC"), "2019年") is None
    assert fonts.missing_glyph(("Lato", "Noto Sans CJK SC"), "a\U0010ffffb") == "\U0010ffff"


def test_a_blank_glyph_is_missing_but_a_space_is_not() -> None:
    assert fonts.missing_glyph(("AR PL SungtiL GB",), "€") == "€"
    assert fonts.missing_glyph(("DejaVu Sans",), "a b\u2003c") is None
    assert fonts.missing_glyph(("DejaVu Sans",), "a\u200bb") == "\u200b"


def test_a_dash_that_looks_like_the_hyphen_is_missing() -> None:
    assert fonts.missing_glyph(("TeX Gyre Cursor",), "a — b") == "—"
    assert fonts.missing_glyph(("TeX Gyre Cursor",), "a-b") is None
    assert fonts.missing_glyph(("Dosis",), "1990–1995") == "–"
    assert fonts.missing_glyph(("Dosis",), "a — b") is None
    for family in ("Liberation Mono", "DejaVu Sans Mono", "Liberation Serif", "Noto Sans CJK SC"):
        assert fonts.missing_glyph((family,), "a-b – c — d") is None


def test_widths_add_up_and_fall_back_along_the_chain() -> None:
    chain = ("Lato", "Noto Sans CJK SC")
    parts = fonts.width_em(chain, "Sales ") + fonts.width_em(chain, "销售")
    assert fonts.width_em(chain, "Sales 销售") == pytest.approx(parts)
    assert fonts.width_em(chain, "销售") == pytest.approx(2.0)
    assert fonts.width_em(chain, "") == 0.0
    assert fonts.width_em(("Liberation Sans",), "Wide", bold=True) > fonts.width_em(("Liberation Sans",), "Wide")


def test_cap_heights_are_those_of_text_fonts() -> None:
    assert all(0.5 < fonts.cap_height_em(family) < 0.8 for script in SCRIPTS[:3] for family in fonts.families(script))
    assert all(0.3 < fonts.cap_height_em(family) < 1.0 for family in EVERY)


def test_unknown_and_missing_fonts_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CorpusError, match="no font family is named 'Nope'"):
        fonts.font_file("Nope")
    monkeypatch.setattr(fonts, "_table", lambda: {"Gone": {"package": "fonts-gone", "regular": "gone.ttf"}})
    with pytest.raises(NotInstalled, match="apt-get install fonts-gone"):
        fonts.font_file("Gone")


def test_all_files_are_installed_and_listed_once() -> None:
    files = [path for _, path in fonts.all_files()]
    assert len(set(files)) == len(files) > len(EVERY)
    assert all(path.is_file() for path in files)
    assert all(package.startswith(("fonts-", "culmus")) for package, _ in fonts.all_files())
