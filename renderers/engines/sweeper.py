"""A tiny shell that ends an engine's programs and removes its folder when this process is gone, however it went.

It waits on a pipe, and the pipe breaks with its owner: also where the owner was killed and could do nothing.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

# Reads lines of process ids to end (a group has a minus) until its owner goes; the last line counts. A dying program
# still writes, so the folder may have to be removed more than once.
_SCRIPT = """
while read -r line; do ids=$line; done
[ -n "$ids" ] && kill -s KILL -- $ids 2>/dev/null
for pause in 0.05 0.2 0.5 1; do rm -rf -- "$1" 2>/dev/null && [ ! -e "$1" ] && break; sleep $pause; done
"""


class Sweeper:
    """Owns a new temporary folder.

    Args:
        name: of the engine, a part of the folder's name.
    """

    def __init__(self, name: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"glyphmill-{name}-"))
        self._shell: subprocess.Popen[str] | None = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "sweeper", str(self.folder)],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def watch(self, ids: str) -> None:
        """Process ids to end with the owner, instead of those named before; a group has a minus."""
        if self._shell is not None and self._shell.stdin is not None:
            self._shell.stdin.write(ids + "\n")
            self._shell.stdin.flush()

    def close(self) -> None:
        """The programs have ended: removes the folder."""
        if self._shell is not None:
            self.watch("")
            self._shell.communicate()
            self._shell = None
            shutil.rmtree(self.folder, ignore_errors=True)
