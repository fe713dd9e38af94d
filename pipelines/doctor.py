"""What this machine has and lacks: every tool with its version, and the line that installs what is missing."""

import platform
import shutil
import sys
from importlib.metadata import version

import msgspec

from renderers.content.fonts import all_files
from renderers.core.errors import EngineStartError
from renderers.core.registry import renderer_class, renderer_names

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
    users: dict[type, list[str]] = {}
    for name in renderer_names():
        users.setdefault(renderer_class(name).engine, []).append(name)
    for engine, names in users.items():
        try:
            checks += [Check(tool, found, tuple(names)) for tool, found in engine.versions().items()]  # type: ignore[attr-defined]
        except EngineStartError as error:
            checks.append(Check(engine.name, "", tuple(names), str(error)))  # type: ignore[attr-defined]
    packages: dict[str, list[bool]] = {}
    for package, file in all_files():
        packages.setdefault(package, []).append(file.is_file())
    for package, present in sorted(packages.items()):
        found = f"{len(present)} files" if all(present) else ""
        checks.append(Check(package, found, (), "" if all(present) else f"apt-get install {package}"))
    if sys.platform.startswith("linux") and shutil.which("npm") is None:
        checks.append(Check("npm", "", (), "apt-get install npm (only to install the JavaScript packages again)"))
    return list({check.tool: check for check in checks}.values())
