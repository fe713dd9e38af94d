"""What this machine has and lacks: every tool with its version, and the line that installs what is missing."""

import platform
import shutil
import sys
from importlib.metadata import version

import msgspec

from renderers.content.fonts import all_files
from renderers.core.corpora import Corpora
from renderers.core.errors import ConfigError, EngineStartError
from renderers.core.registry import make_renderer, renderer_names

_PACKAGES = ("ray", "pyarrow", "numpy", "pillow", "msgspec", "faker", "wordfreq")


class Check(msgspec.Struct, frozen=True):
    """One tool.

    Attributes:
        tool: its name.
        found: its version, "" where it is missing.
        used_by: renderers that need it; empty = all.
        remedy: the line that installs it.
    """

    tool: str
    found: str
    used_by: tuple[str, ...] = ()
    remedy: str = ""


def examine() -> list[Check]:
    """All tools, engines and fonts."""
    checks = [Check("python", platform.python_version())]
    checks += [Check(name, version(name)) for name in _PACKAGES]
    for name in renderer_names():
        try:
            renderer = make_renderer(name, {})
            Corpora(renderer.corpora())
        except ConfigError as error:  # what it draws from is not there
            checks.append(Check(name, "", (name,), str(error)))
            continue
        for label, ask in ((renderer.engine.name, renderer.engine.versions), (name, renderer.tools)):
            try:
                checks += [Check(tool, found, (name,)) for tool, found in ask().items()]
            except EngineStartError as error:
                checks.append(Check(label, "", (name,), str(error)))
    packages: dict[str, list[bool]] = {}
    for package, file in all_files():
        packages.setdefault(package, []).append(file.is_file())
    for package, present in sorted(packages.items()):
        found = f"{len(present)} files" if all(present) else ""
        checks.append(Check(package, found, (), "" if all(present) else f"apt-get install {package}"))
    if sys.platform.startswith("linux") and shutil.which("npm") is None:
        checks.append(Check("npm", "", (), "apt-get install npm (only to install the JavaScript packages again)"))
    once: dict[str, Check] = {}
    for check in checks:
        once.setdefault(check.tool, check)
    return list(once.values())
