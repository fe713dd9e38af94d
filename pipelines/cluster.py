"""Joins a Ray cluster, or starts one in this process that ends with it.

Whatever is wrong with an address or a machine is one line, within a minute.
"""

import contextlib
import logging
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ray

from renderers.core.errors import ConfigError, MachineFault
from renderers.core.machine import lack, memory_limit, shortage
from renderers.core.ray_address import check_ray_answers
from renderers.engines.sweeper import Sweeper

_OBJECT_STORE_BYTES = 128 << 20


_MAX_FOLDER_CHARS = 40
"""Of the folder that Ray has for itself: a socket's path has 107 at most, of which Ray's own part is up to 64."""


@contextlib.contextmanager
def joined(address: str | None, workers: int) -> Iterator[int]:
    """A Ray cluster, and how many workers it has room for.

    Args:
        address: of a running cluster; None starts one in this process, or joins the one whose job this is.
        workers: wanted; 0 = as many as the cluster has free CPUs.
    """
    address = address or os.environ.get("RAY_ADDRESS")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    ours = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with contextlib.ExitStack() as stack:
        if address:
            check_ray_answers(address)
            # Nodes have the engines as `make setup` left them; a job that was submitted brings its folder itself.
            try:
                _init(address=address, **quiet)
            except (ConnectionError, RuntimeError, ValueError) as error:
                raise ConfigError(f"no Ray cluster answers at {address}: {error}") from error
        else:
            folder = _own_folder(stack)
            try:
                _init(
                    address="local",  # Not the cluster that happens to run on this machine.
                    num_cpus=workers or None,
                    include_dashboard=False,
                    object_store_memory=_OBJECT_STORE_BYTES,
                    _temp_dir=str(folder),
                    **quiet,
                )
            except Exception as error:  # whatever: Ray has no class for it
                why = shortage(str(folder)) or lack(error) or memory_limit() or " ".join(str(error).split())
                raise MachineFault(f"Ray does not start here: {why}") from error
        stack.callback(ray.shutdown)
        # Ray ends the driver at SIGTERM in its own way, without a word; ours closes engines and says what is safe.
        for number, handler in ours.items():
            signal.signal(number, handler)
        yield workers or _num_free_cpus()


def _init(**knobs: Any) -> None:
    """`ray.init`, whose handler of SIGTERM ends this process without a word as soon as it is set."""
    try:
        ray.init(**knobs)
    except SystemExit as error:
        raise KeyboardInterrupt from error


def _own_folder(stack: contextlib.ExitStack) -> Path:
    """Where a Ray of our own keeps sockets and logs: gone with it, and with us. In /tmp where TMPDIR is too long."""
    try:
        sweeper = Sweeper("ray", max_length=_MAX_FOLDER_CHARS)
    except OSError as error:
        raise ConfigError(
            f"no folder for the sockets of Ray: TMPDIR {tempfile.gettempdir()} is too long for them or full, and /tmp "
            f"cannot be written ({error.strerror})"
        ) from error
    stack.callback(sweeper.close)
    return sweeper.folder


def _num_free_cpus() -> int:
    """CPUs that nobody has; 1 where all are taken: its worker waits for one."""
    free: dict[str, float] = ray.available_resources()  # type: ignore[no-untyped-call]
    return max(int(free.get("CPU", 0)), 1)
