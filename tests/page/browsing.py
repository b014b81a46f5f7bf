"""A real browser: Debian's Chromium, which Playwright drives; nothing of it talks to the network."""

import shutil

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
CHROMIUM = shutil.which("chromium") or ""
WHY_NOT = "needs Chromium: apt-get install chromium"
