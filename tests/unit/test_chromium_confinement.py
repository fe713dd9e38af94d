"""What a page may do: no packet leaves it by any way, and it is sandboxed where the system has what that takes."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from renderers.engines.chromium import Chromium
from tests.unit.browsers import leftovers, programs, short_folder
from tests.unit.namespaces import run_in

_PAGE = ("-m", "tests.unit.network_page")
_SOMEBODY = ("-m", "tests.unit.namespaces", "somebody", sys.executable)


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with short_folder(monkeypatch):
        yield


def try_all(*command: str) -> tuple[dict[str, str], list[str]]:
    """What came of each way, and the packets that were heard."""
    told, packets = map(json.loads, run_in("listen", *command).splitlines())
    return told, packets


@pytest.mark.parametrize("user", [(), _SOMEBODY], ids=["root", "somebody"])
def test_a_page_that_tries_everything_sends_no_packet(user: tuple[str, ...]) -> None:
    told, packets = try_all(*user, *_PAGE, "confined")
    assert packets == []
    assert {found for name, found in told.items() if name.startswith("rtc ")} == {"[]"}, "WebRTC has sockets"


def test_what_a_bare_browser_sends_is_heard() -> None:
    """Else the test above would prove nothing."""
    told, packets = try_all(*_PAGE, "free")
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


_DRAWN = "<style>p { width: 300px; font: 20px serif; color: #137 } @page { size: 400px 300px }</style><p>Text 中文 x²"

# Draws as a print and on the screen; tells what holds the processes that run pages, and what was logged.
_DRAW = f"""
import hashlib, json, logging, psutil, pypdfium2
from pathlib import Path
from renderers.engines.chromium import Chromium
logged = []
logging.basicConfig(level=logging.INFO, handlers=[handler := logging.Handler()])
handler.emit = lambda record: logged.append(record.getMessage()) if record.name.startswith("renderers.") else None
for _ in range(2):
    with Chromium() as engine:
        page = engine.page("one", {_DRAWN!r})
        printed = pypdfium2.PdfDocument(page.pdf())[0].render(scale=2).to_numpy()
        digests = [hashlib.sha256(data).hexdigest() for data in (printed.tobytes(), page.screenshot())]
        browsers = [one for one in psutil.Process().children(recursive=True) if "chrom" in one.name()]
        drawing = [one for one in browsers if "--type=renderer" in one.cmdline()]
        filtered = ["Seccomp:\\t2" in Path(f"/proc/{{one.pid}}/status").read_text() for one in drawing]
        switched_off = ["--no-sandbox" in one.cmdline() for one in browsers]
print(json.dumps([digests, filtered, switched_off, Chromium.confinement(), logged]))
"""


def draw(kind: str) -> tuple[list[str], list[bool], list[bool], str, list[str]]:
    digests, filtered, switched_off, line, logged = json.loads(run_in(kind, "-c", _DRAW))
    assert filtered
    return digests, filtered, switched_off, line, logged


def test_pages_are_sandboxed_where_the_system_can_and_elsewhere_drawn_the_same() -> None:
    run_in("somebody", *_SOMEBODY, "-c", "")  # else it is skipped
    digests, filtered, switched_off, line, logged = draw("somebody")
    assert all(filtered)
    assert not any(switched_off)
    assert (line, logged) == ("offline, by its sandbox", [])

    bare, filtered, switched_off, line, logged = draw("hermit")
    assert not any(filtered)
    assert switched_off[0]
    assert line == "offline, no sandbox: no user namespaces"
    assert len(logged) == 1, "the second browser is not tried with a sandbox first"
    assert "no sandbox" in logged[0]
    assert bare == digests
    assert not leftovers()


def test_root_has_no_sandbox_and_is_told() -> None:
    _, filtered, switched_off, line, logged = draw("root")
    assert not any(filtered)
    assert switched_off[0]
    assert (line, logged) == ("offline, no sandbox: run by root", [])


def test_doctor_says_how_pages_are_held() -> None:
    lines = [line for line in run_in("root", "-m", "pipelines", "doctor").splitlines() if "chromium confined" in line]
    assert len(lines) == 1
    assert "offline, no sandbox: run by root" in lines[0]
