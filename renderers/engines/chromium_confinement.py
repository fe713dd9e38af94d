"""What a page in Chromium may do: draw. No packet leaves it, neither to a server nor to whoever listens nearby.

Whatever takes over the process that runs a page's scripts is held by the sandbox (namespaces and system calls), where
the system has what that takes and this user is not root. Without it pages run all the same: they come from us.
"""

import logging
import os
import re
import threading

_log = logging.getLogger(__name__)

# Of several lists Chromium heeds the last, so Playwright's own stands here again, and a test holds the two together.
# The last name is ours: else WebRTC tells the network its machine's names, and asks for others', by multicast DNS.
_DISABLED_FEATURES = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying",
    "AimEnabled", "PreconnectToSearch", "msForceBrowserSignIn", "msEdgeUpdateLaunchServicesPreferredVersion",
    "WebRtcHideLocalIpsWithMdns",
)  # fmt: skip

CONFINING_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Addresses as well: they are looked up like names, and nothing is found.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # WebRTC opens no socket but to a proxy, and there is none.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    f"--disable-features={','.join(_DISABLED_FEATURES)}",
)
"""They hold for all that the browser starts, for popups and shared workers too: these run before the context's being
offline and a script of ours reach them."""

_REFUSED = threading.Event()
"""Set where the system did not let the sandbox start: for the life of this process it is not tried again."""

_REFUSAL = re.compile(
    r"sandboxing failed|No usable sandbox|SUID sandbox|setuid sandbox|Failed to move to new namespace"
)
"""How Playwright and the browser say it. Source: zygote_host_impl_linux.cc, setuid_sandbox_host.cc, credentials.cc."""


def why_unsandboxed() -> str:
    """Why pages have no sandbox here, in a few words; "" where they have one or where it has not been tried yet."""
    if os.geteuid() == 0:
        return "run by root"
    if _REFUSED.is_set():
        return "no user namespaces"
    return ""


def note_refusal(message: str) -> bool:
    """Whether a browser did not start for want of its sandbox, by what it said; this is remembered, and logged."""
    if _REFUSAL.search(message) is None:
        return False
    _REFUSED.set()
    _log.info("pages have no sandbox: %s", why_unsandboxed())
    return True
