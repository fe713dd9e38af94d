"""The running text of HTML: paragraphs and headings, without scripts, code, tables and navigation.

The parser of the standard library takes any input, so a broken page only gives less text.
"""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from pipelines.corpora.text.pieces import Kind, Piece
from pipelines.corpora.text.prose_filter import LEFT_OUT
from pipelines.corpora.text.raised import InlineText

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption"})
_IGNORED = frozenset(
    {"script", "style", "head", "nav", "footer", "aside", "form", "button", "select", "template", "noscript", "svg"}
    | {"pre", "table", "iframe", "object", "textarea", "dt"}
)
_INLINE_IGNORED = {"rt": "", "rp": "", "math": LEFT_OUT}
"""Elements within a text that are left out, and what stands for them: a text lacks nothing without its readings."""
_WRITTEN = {"br": (" ", ""), "q": ("“", "”")}
"""What elements print before and behind what is in them."""
_INLINE = frozenset(("a", "span", "sup", "sub", "em", "strong", "small", "i", "b"))
_NOTE_CLASS = re.compile(r"\b(?:reference|noteref|footnote-?ref|footnote)\b")
_BLOCKS = frozenset(
    {"p", "li", "dd", "div", "section", "article", "main", "header", "blockquote", "body", "html", "ul", "ol", "dl"}
    | {"figure", "figcaption", "address", "hr", "center", "td", "tr", "fieldset", "details", "summary"}
)
_CODE = frozenset({"code", "tt", "kbd", "samp", "var"})
_IGNORED_CLASS = re.compile(
    r"\b(?:navheader|navfooter|toc|footnotes?|informaltable|titlepage-note|copyright|legalnotice|authorgroup|revhistory"
    r"|sphinxsidebar|related|footer|contents|index|programlisting|screen|headerlink|docnav|breadcrumbs|navigation|indextable|bibliography)\b"
)
_VOID = frozenset(
    {"br", "hr", "img", "meta", "link", "input", "col", "area", "base", "source", "track", "wbr", "embed"}
)
_SPACE = re.compile(r"\s+")
_SECTION_NUMBER = re.compile(
    r"^\d+(?:\.\d+)*\.?\s+|^[A-Z]\.(?:\d+\.)*\s+|^(?:第\s*\d+\s*章|附录\s*[A-Z]|\d+\s*장)[.．:：]?\s*"
    r"|^[^\W\d]{2,10}\s+(?:\d{1,2}|[A-Z])\.\s+"
)
"""The number of a chapter or section, which is dropped from headings."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._text = InlineText()
        self._in_note_link = False
        self._num_code = 0
        self._kind: Kind = "paragraph"
        self._ignored: list[str] = []
        """Open elements from the outermost ignored one on."""
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._ignored:
            if tag not in _VOID and tag in (*_IGNORED, *_INLINE_IGNORED, self._ignored[0]):
                self._ignored.append(tag)
            return
        named = " ".join(value or "" for name, value in attrs if name in ("class", "role", "epub:type"))
        if tag in _IGNORED or (tag not in _VOID and tag not in ("body", "html") and _IGNORED_CLASS.search(named)):
            if tag not in _INLINE:
                self._end_block()
            self._ignored.append(tag)
        elif self._start_inline(tag, attrs, named):
            return
        elif tag in _HEADINGS:
            self._end_block()
            self._kind = "heading"
        elif tag in _BLOCKS:
            self._end_block()

    def _start_inline(self, tag: str, attrs: list[tuple[str, str | None]], named: str) -> bool:
        """Whether it is an element within a text, which is begun."""
        if tag in ("sup", "sub"):
            self._text.open(tag, is_note=self._in_note_link or _NOTE_CLASS.search(named) is not None)
        elif tag == "a":
            self._in_note_link = any(name == "href" and (value or "").startswith("#") for name, value in attrs)
            if self._in_note_link:
                self._text.mark_note()
        elif tag in _INLINE_IGNORED:
            self._text.add(_INLINE_IGNORED[tag])
            self._ignored.append(tag)
        elif tag in _WRITTEN:
            self._text.add(_WRITTEN[tag][0])
        elif tag in _CODE:
            self._code += 1
        else:
            return False
        return True

    def handle_endtag(self, tag: str) -> None:
        if self._ignored:
            if tag in self._ignored:
                # Elements that were left open inside of it end with it.
                del self._ignored[len(self._ignored) - 1 - self._ignored[::-1].index(tag) :]
        elif tag in _HEADINGS or tag in _BLOCKS:
            self._end_block()
        elif tag in ("sup", "sub"):
            self._text.close(tag)
        elif tag == "a":
            self._in_note_link = False
        elif tag in _CODE:
            self._code = max(0, self._code - 1)
        elif tag in _WRITTEN:
            self._text.add(_WRITTEN[tag][1])

    def handle_data(self, data: str) -> None:
        if not self._ignored:
            self._text.add(data)
            # A link that has a text of its own is no mark of a note, though it leads to one.
            self._in_note_link = self._in_note_link and (self._text.is_open() or not data.strip())
            if self._code:
                self._num_code += len(data)

    def close(self) -> None:
        super().close()
        self._end_block()

    def take(self) -> list[Piece]:
        """The pieces since the last call."""
        pieces, self.pieces = self.pieces, []
        return pieces

    def _end_block(self) -> None:
        text = _SPACE.sub(" ", self._text.take()).strip()
        if self._kind == "heading":
            text = _SECTION_NUMBER.sub("", text)
        if text:
            self.pieces.append(Piece(self._kind, text, self._num_code))
        self._num_code, self._kind, self._code, self._in_note_link = 0, "paragraph", 0, False


def read_html(lines: Iterable[str]) -> Iterator[Piece]:
    """The pieces of a page."""
    reader = _Reader()
    for line in lines:
        reader.feed(line)
        yield from reader.take()
    reader.close()
    yield from reader.take()
