"""Whether a Ray cluster answers where it is said to be: asked before Ray itself is, which waits for one without end."""

import socket
import subprocess
import sys

from renderers.core.errors import ConfigError

_ANSWER_S = 15.0
"""In which a head of Ray's answers; it takes a second or two."""


def check_ray_answers(address: str) -> None:
    """Check that a Ray cluster answers at host:port; `ray.init` would wait for one without end.

    Raises:
        ConfigError: none does within the time.
    """
    target = address.removeprefix("ray://")
    host, _, port = target.rpartition(":")
    if not host or not port.isdecimal():
        return  # "auto", or a name that Ray itself refuses at once
    try:
        socket.create_connection((host, int(port)), timeout=_ANSWER_S).close()
    except (OSError, OverflowError) as error:
        raise ConfigError(f"no Ray cluster answers at {address}: {error}; is the address that of its head?") from error
    if address.startswith("ray://"):
        return
    asked = [sys.executable, "-m", "ray.scripts.scripts", "health-check", "--address", target]
    try:
        done = subprocess.run(asked, check=False, capture_output=True, timeout=_ANSWER_S)
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode:
        raise ConfigError(f"no Ray cluster answers at {address}: something listens there, but it is no head of Ray's")
