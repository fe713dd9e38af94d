"""Opens a page that tries to reach hosts by all ways there are: `confined` in the engine, `free` in a bare browser."""

import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from renderers.engines.chromium import Chromium
from renderers.engines.chromium_program import find_chromium

HOSTS = json.dumps(["10.9.0.7", "203.0.113.7", "[fd09::7]", "name.example", "name.local", "127.0.0.1:8099"])
ATTEMPTS = Path(__file__).with_name("network_attempts.js").read_text(encoding="utf-8")


def main(kind: str) -> None:
    if kind == "confined":
        with Chromium() as engine:
            page = engine.page("one", "<p>")
            sys.stdout.write(page.evaluate(ATTEMPTS, HOSTS) + "\n")
            page.pdf()
            page.screenshot()
    else:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
            sys.stdout.write(browser.new_page().evaluate(ATTEMPTS, HOSTS) + "\n")
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
