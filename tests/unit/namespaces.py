"""Namespaces of the kernel, for tests: another user than root, and a network of one's own in which all is heard.

`python -m tests.unit.namespaces listen COMMAND...` runs a command, as the root of a new network, and prints last what
was sent in it (a JSON list); `root` runs it as root, `somebody` as a user who is not, `hermit` as one whom the kernel
gives no namespaces. Files stay as accessible as they were. The exit code is 77 where the kernel does not permit it.
"""

import ctypes
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_NOT_PERMITTED = 77

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_SOMEBODY = 1000

_NEW_LINK, _NEW_ADDRESS, _NEW_ROUTE = 16, 20, 24
_REQUEST, _CREATE = 0x5, 0x600
_UP, _NO_ARP = 0x1, 0x80
_IPV4, _IPV6, _ARP = 0x0800, 0x86DD, 0x0806
_OUTGOING = 4
_MARK = ("127.0.0.1", 4)
"""A packet of our own to this address ends the listening."""


def run_in(kind: str, *command: str) -> str:
    """What a Python command prints, run by one of the words above; the test is skipped where that is not permitted."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.namespaces", kind, sys.executable, *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    if done.returncode == _NOT_PERMITTED:
        pytest.skip(f"the kernel does not permit it: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return done.stdout


def _become(uid: int, kinds: int = 0) -> None:
    outside = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER | kinds) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    for name, number in zip(("uid_map", "gid_map"), outside, strict=True):
        Path(f"/proc/self/{name}").write_text(f"{uid} {number} 1")


def _attribute(kind: int, data: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def _ask(kind: int, body: bytes, flags: int = _CREATE) -> None:
    """One request of rtnetlink(7)."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as kernel:
        kernel.send(struct.pack("=IHHII", 16 + len(body), kind, _REQUEST | flags, 1, 0) + body)
        code = struct.unpack_from("=i", kernel.recv(65536), 16)[0]
    if code != 0:
        raise OSError(-code, f"rtnetlink: {os.strerror(-code)}")


def _make_network() -> None:
    """Besides the loop a link with addresses and a way to everywhere, whose other end nobody reads."""
    for name in ("dad_transmits", "router_solicitations", "addr_gen_mode"):
        with suppress(OSError):
            Path(f"/proc/sys/net/ipv6/conf/default/{name}").write_text("1" if name == "addr_gen_mode" else "0")
    link = struct.pack("=BxHiII", 0, 0, 0, 0, 0)
    _ask(_NEW_LINK, link + _attribute(3, b"out\0") + _attribute(18, _attribute(1, b"veth")))
    for index, name in socket.if_nameindex():
        if name not in {"lo", "out"}:
            with suppress(OSError):
                Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6").write_text("1")
        flags = _UP if name == "lo" else _UP | _NO_ARP
        _ask(_NEW_LINK, struct.pack("=BxHiII", 0, 0, index, flags, flags), 0)
    _give_address("out", socket.AF_INET, "10.9.0.2", 24)
    with suppress(OSError):  # a machine may have no IPv6
        _give_address("out", socket.AF_INET6, "fd09::2", 64)


def _give_address(name: str, family: int, address: str, bits: int) -> None:
    index, number = socket.if_nametoindex(name), socket.inet_pton(family, address)
    taken = _attribute(2, number) + _attribute(1, number)
    _ask(_NEW_ADDRESS, struct.pack("=BBBBI", family, bits, 0x02, 0, index) + taken)
    everywhere = struct.pack("=BBBBBBBBI", family, 0, 0, 0, 254, 4, 253, 1, 0)
    _ask(_NEW_ROUTE, everywhere + _attribute(4, struct.pack("=I", index)))


def _name(protocol: int, data: bytes) -> str:
    """Where a packet goes, "" for one that the kernel sends by itself."""
    if protocol == _IPV4:
        kind, where, rest = data[9], socket.inet_ntop(socket.AF_INET, data[16:20]), data[(data[0] & 15) * 4 :]
    elif protocol == _IPV6:
        kind, where, rest = data[6], socket.inet_ntop(socket.AF_INET6, data[24:40]), data[40:]
        # A report of the groups that a link has joined; each address has a group of its own.
        if kind == 0 and rest[8] == 143 and rest[20:33] == socket.inet_pton(socket.AF_INET6, "ff02::1:ff00:0")[:13]:
            return ""
    else:
        return "arp" if protocol == _ARP else f"protocol {protocol:#x}"
    if kind in (socket.IPPROTO_TCP, socket.IPPROTO_UDP):
        return f"{'tcp' if kind == socket.IPPROTO_TCP else 'udp'} {where} {struct.unpack_from('>H', rest, 2)[0]}"
    return f"ip protocol {kind} {where}"


def _listen(command: list[str]) -> int:
    heard: dict[str, None] = {}
    mark = f"udp {_MARK[0]} {_MARK[1]}"

    def hear() -> None:
        while mark not in heard:
            data, (_, protocol, direction, _, _) = ear.recvfrom(65536)
            if direction == _OUTGOING:
                heard.setdefault(_name(protocol, data))

    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3)) as ear:
        _make_network()
        thread = threading.Thread(target=hear)
        thread.start()
        done = subprocess.run(command, check=False)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as voice:
            voice.sendto(b"end", _MARK)
        thread.join()
    sys.stdout.write(json.dumps([name for name in heard if name not in {"", mark}]) + "\n")
    return done.returncode


def main(kind: str, command: list[str]) -> int:  # noqa: RET503
    try:
        if kind == "listen":
            _become(0, _NEW_NETWORK)
            return _listen(command)
        _become(0 if kind == "root" else _SOMEBODY)
        if kind == "hermit":
            Path("/proc/sys/user/max_user_namespaces").write_text("0")
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return _NOT_PERMITTED
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
