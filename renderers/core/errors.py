"""Every exception we raise on purpose, one class for each way of handling it.

    FactoryError
      ConfigError(ValueError)   a user's mistake, found before any worker starts: one line, exit 2
      NotInstalled              a font, a package or a program is missing: the message has the install line, exit 2
        EngineStartError        a drawing program is missing or does not start; it is an EngineError too
      EngineError               a drawing program failed
        EngineCrash             it died: restart, retry, bisect the batch
        EngineTimeout           it hung and was killed: the same
      MachineFault              the machine lacks disk, memory, ...: nothing is counted, its shard is given back, exit 1
      CorpusError               content cannot be read
      ShardError                a shard cannot be written or read
        ShardCorrupt            its bytes are not what was committed
      LabelError(ValueError)    a target is not in its grammar
        PictureBroken           bytes are no picture, or one of absurd size

A bad sample is none of these: it is a `Rejected` value.
"""


class FactoryError(Exception):
    """Root of all errors raised on purpose."""


class ConfigError(FactoryError, ValueError):
    """The user asked for something that cannot be: says what, where, what to do."""


class NotInstalled(FactoryError):
    """This machine lacks something; the message has the line that installs it."""


class EngineError(FactoryError):
    """A drawing program failed."""


class EngineStartError(EngineError, NotInstalled):
    """A drawing program is missing or does not start; the message has the line that installs it."""


class EngineCrash(EngineError):
    """A drawing program died in the middle of a batch."""


class EngineTimeout(EngineError):
    """A drawing program did not answer before its deadline and was killed."""


class MachineFault(FactoryError):
    """The machine cannot draw now, whatever the spec: the message names what it lacks."""


class CorpusError(FactoryError):
    """Content to draw from cannot be read, or is empty."""


class ShardError(FactoryError):
    """A shard cannot be written or read."""


class ShardCorrupt(ShardError):
    """The bytes of a shard are not the bytes that were committed."""


class LabelError(FactoryError, ValueError):
    """A target text is not in its grammar."""


class PictureBroken(LabelError):
    """Bytes that are no picture, or one of absurd size."""


def printable(text: str) -> str:
    """Text for a terminal: a control character, or a byte of a name in another encoding, is an escape; lines stay."""
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode() for char in text
    )
