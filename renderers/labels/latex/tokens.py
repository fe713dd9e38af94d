r"""Tokens of formulas, read one after the other from a position in a text."""

import re

from renderers.core.errors import LabelError

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|((?:\s|%[^\n]*(?:\n|$))+)|.", re.DOTALL)

_MAX_LEVELS = 40
"""Formulas of people have at most a dozen. Python's own stack bears some hundred."""


class Reader:
    r"""A position in a text, and how deep it is nested.

    Tokens are control words (\alpha), control symbols (\,), a blank (" ") for any blanks and comments, and single
    characters; "" is the end.
    """

    def __init__(self, text: str, position: int = 0) -> None:
        self.text = text
        self.position = position
        self.tags: list[str] = []
        self._level = 0
        self._known = -1
        self._lexeme = ""
        self._end = position

    def peek(self) -> str:
        """The next lexeme; stays."""
        if self._known != self.position:
            match = _TOKEN.match(self.text, self.position)
            self._lexeme, self._end = "", self.position
            if match is not None:
                self._lexeme, self._end = (" " if match.lastindex else match[0]), match.end()
            if self._lexeme == "\\":
                raise LabelError("ends in a backslash")
            self._known = self.position
        return self._lexeme

    def next(self) -> str:
        """The next lexeme; taken."""
        lexeme = self.peek()
        self.position = self._end
        return lexeme

    def skip(self) -> str:
        """The next lexeme that is no blank; stays."""
        while self.peek() == " ":
            self.next()
        return self.peek()

    def take(self, lexeme: str) -> bool:
        """Whether it comes next, blanks left out; taken if so."""
        if self.skip() == lexeme:
            self.next()
            return True
        return False

    def need(self, lexeme: str, owner: str) -> None:
        """Takes it.

        Raises:
            LabelError: something else comes.
        """
        if not self.take(lexeme):
            raise LabelError(f"{owner} wants {lexeme} and gets {self.peek() or 'the end'}")

    def raw(self, owner: str) -> str:
        """What stands in the braces that come next, as it is."""
        self.need("{", owner)
        start, depth = self.position, 1
        while depth:
            lexeme = self.next()
            if not lexeme:
                raise LabelError(f"the argument of {owner} does not end")
            depth += (lexeme == "{") - (lexeme == "}")
        return self.text[start : self.position - 1]

    def option(self) -> str | None:
        """What stands in the brackets that come next, or None."""
        if self.skip() != "[":
            return None
        start = self.position + 1
        depth = 0
        self.next()
        while (lexeme := self.next()) != "]" or depth:
            if not lexeme:
                raise LabelError("a [ without ]")
            depth += (lexeme == "{") - (lexeme == "}")
        return self.text[start : self.position - 1]

    def enter(self) -> None:
        """One level deeper.

        Raises:
            LabelError: too deep.
        """
        self._level += 1
        if self._level > _MAX_LEVELS:
            raise LabelError(f"nested deeper than {_MAX_LEVELS} levels")

    def leave(self) -> None:
        """One level up."""
        self._level -= 1
