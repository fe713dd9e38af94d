"""Ray where it is another one than expected: each works, or is one line within a minute."""

import os
import socket
from pathlib import Path

from tests.e2e import mill


def test_a_long_temporary_folder(tmp_path: Path) -> None:
    # The sockets of Ray have paths of 107 bytes at most.
    long = tmp_path / ("t" * 80)
    long.mkdir()
    short = Path("/tmp")  # noqa: S108 what Ray falls back to
    before = set(short.glob("glyphmill-ray-*"))
    env = {**os.environ, "TMPDIR": str(long)}
    done = mill.run("render", "charts", "-n", "8", "-o", tmp_path / "out", "--workers", "1", env=env)
    assert done.code == 0, done.err
    assert mill.manifest(tmp_path / "out")["kept"] == 8
    assert set(short.glob("glyphmill-ray-*")) <= before
    assert not list(long.iterdir())


def test_an_address_where_nothing_answers(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    for given in (address, f"ray://{address}"):
        done = mill.run("render", "charts", "-n", "8", "-o", tmp_path / "out", "--ray", given, timeout_s=60)
        assert (done.code, done.err.count("\n")) == (2, 1), done.err
        assert f"no Ray cluster answers at {given}" in done.err


def test_an_address_where_something_else_listens(tmp_path: Path) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        done = mill.run("render", "charts", "-n", "8", "-o", tmp_path / "out", "--ray", address, timeout_s=60)
    assert (done.code, done.err.count("\n")) == (2, 1), done.err
    assert "something listens there, but it is no head of Ray's" in done.err
