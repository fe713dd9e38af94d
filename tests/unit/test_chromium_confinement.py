"""What a page may do: no packet leaves it by any way."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from renderers.engines.chromium import Chromium
from tests.unit.browsers import programs, short_folder
from tests.unit.namespaces import run_in

_PAGE = ("-m", "tests.unit.network_page")


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with short_folder(monkeypatch):
        yield


def try_all(kind: str) -> tuple[dict[str, str], list[str]]:
    """What came of each way, and the packets that were heard."""
    told, packets = map(json.loads, run_in("listen", *_PAGE, kind).splitlines())
    return told, packets


def test_a_page_that_tries_everything_sends_no_packet() -> None:
    told, packets = try_all("confined")
    assert packets == []
    assert {found for name, found in told.items() if name.startswith("rtc ")} == {"[]"}, "WebRTC has sockets"


def test_what_a_bare_browser_sends_is_heard() -> None:
    """Else the test above would prove nothing."""
    told, packets = try_all("free")
    assert all("candidate" in found for name, found in told.items() if name.startswith("rtc "))
    assert {f"tcp {host}" for host in ("10.9.0.7 80", "10.9.0.7 443", "127.0.0.1 8099")} <= set(packets)
    assert {"tcp 10.9.0.7 5349", "udp 203.0.113.7 3478", "udp 203.0.113.7 5000", "udp 224.0.0.251 5353"} <= set(packets)
    assert "tcp fd09::7 80" in packets or not Path("/proc/net/if_inet6").exists()


def test_features_that_playwright_turns_off_stay_off() -> None:
    """Chromium heeds the last list alone, and that is ours."""
    with Chromium():
        words = next(
            words for words in (program.cmdline() for program in programs()) if "--remote-debugging-pipe" in words
        )
    lists = [set(word.partition("=")[2].split(",")) for word in words if word.startswith("--disable-features=")]
    assert len(lists) == 2
    assert lists[0] < lists[1]
