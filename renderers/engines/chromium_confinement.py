"""What a page in Chromium may do: draw. No packet leaves it, neither to a server nor to whoever listens nearby."""

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
