"""HTML as a reader sees its text: paragraphs and headings, without scripts, code, tables and the ways around a site.

The parser of the standard library takes any input, so a broken page is only a page with less in it.
"""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from pipelines.corpora.text.pieces import Kind, Piece

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption"})
_SILENT = frozenset(
    {"script", "style", "head", "nav", "footer", "aside", "form", "button", "select", "template", "noscript", "svg"}
    | {"pre", "table", "math", "iframe", "object", "textarea", "dt", "sup"}
)
_BLOCKS = frozenset(
    {"p", "li", "dd", "div", "section", "article", "main", "header", "blockquote", "body", "html", "ul", "ol", "dl"}
    | {"figure", "figcaption", "address", "hr", "br", "center", "td", "tr", "fieldset", "details", "summary"}
)
_CODE = frozenset({"code", "tt", "kbd", "samp", "var"})
_SILENT_CLASS = re.compile(
    r"\b(?:navheader|navfooter|toc|footnotes?|informaltable|titlepage-note|copyright|legalnotice|authorgroup|revhistory"
    r"|sphinxsidebar|related|footer|contents|index|programlisting|screen|headerlink|docnav|breadcrumbs|navigation|indextable|bibliography)\b"
)
_VOID = frozenset(
    {"br", "hr", "img", "meta", "link", "input", "col", "area", "base", "source", "track", "wbr", "embed"}
)
_SPACE = re.compile(r"\s+")
_ADDRESS = re.compile(
    r"^\d+(?:\.\d+)*\.?\s+|^[A-Z]\.(?:\d+\.)*\s+|^(?:第\s*\d+\s*章|附录\s*[A-Z]|\d+\s*장)[.．:：]?\s*"
    r"|^[^\W\d]{2,10}\s+(?:\d{1,2}|[A-Z])\.\s+"
)
"""The number of a chapter or section, which says nothing where the heading stands alone."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._text: list[str] = []
        self._num_code = 0
        self._kind: Kind = "paragraph"
        self._silent: list[str] = []
        """Open elements from the outermost silent one on."""
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent:
            if tag not in _VOID and tag in (*_SILENT, self._silent[0]):
                self._silent.append(tag)
            return
        named = " ".join(value or "" for name, value in attrs if name in ("class", "role"))
        if tag in _SILENT or (tag not in _VOID and tag not in ("body", "html") and _SILENT_CLASS.search(named)):
            if tag not in ("sup",):
                self._end_block()
            self._silent.append(tag)
        elif tag in _HEADINGS:
            self._end_block()
            self._kind = "heading"
        elif tag in _BLOCKS:
            if tag == "br":
                self._text.append(" ")
            else:
                self._end_block()
        elif tag in _CODE:
            self._code += 1

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag in self._silent:
                # What was left open inside ends with it.
                del self._silent[len(self._silent) - 1 - self._silent[::-1].index(tag) :]
        elif tag in _HEADINGS or (tag in _BLOCKS and tag != "br"):
            self._end_block()
        elif tag in _CODE:
            self._code = max(0, self._code - 1)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.append(data)
            if self._code:
                self._num_code += len(data)

    def close(self) -> None:
        super().close()
        self._end_block()

    def take(self) -> list[Piece]:
        """What was read since the last call."""
        pieces, self.pieces = self.pieces, []
        return pieces

    def _end_block(self) -> None:
        text = _SPACE.sub(" ", "".join(self._text)).strip()
        if self._kind == "heading":
            text = _ADDRESS.sub("", text)
        if text:
            self.pieces.append(Piece(self._kind, text, self._num_code))
        self._text, self._num_code, self._kind, self._code = [], 0, "paragraph", 0


def read_html(lines: Iterable[str]) -> Iterator[Piece]:
    """The pieces of a page."""
    reader = _Reader()
    for line in lines:
        reader.feed(line)
        yield from reader.take()
    reader.close()
    yield from reader.take()
