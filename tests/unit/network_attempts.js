// Everything by which a page can send a packet, tried for each host; gives what came of it.
async (given) => {
  const told = {};
  const attempt = async (name, work) => {
    // A call between peers says itself when it has tried all.
    const late = new Promise((done) => setTimeout(done, name.startsWith("rtc ") ? 100_000 : 3000, "waits"));
    try {
      told[name] = String((await Promise.race([Promise.resolve().then(work), late])) ?? "done");
    } catch (error) {
      told[name] = `${error.name}: ${error.message}`;
    }
  };

  const markup = (host) => {
    const all = (words, make) => words.map((word) => make(`http://${host}/${word}`)).join("");
    return `
      <link rel="dns-prefetch" href="//${host}"><link rel="preconnect" href="http://${host}">
      <link rel="preconnect" href="https://${host}" crossorigin><link rel="modulepreload" href="http://${host}/module.js">
      ${all(["prefetch", "prerender", "icon", "manifest", "stylesheet"], (url) => `<link rel="${url.split("/").pop()}" href="${url}">`)}
      <link rel="preload" as="image" href="http://${host}/preload">
      <script type="speculationrules">{
        "prerender": [{"source": "list", "urls": ["http://${host}/1"], "eagerness": "immediate"}],
        "prefetch": [{"source": "list", "urls": ["http://${host}/2"], "eagerness": "immediate"}]}</script>
      <style>@import url(http://${host}/import.css); @font-face { font-family: far; src: url(http://${host}/font) }
        p { font-family: far; background: url(http://${host}/background) }</style>
      <p>text</p><img src="http://${host}/picture"><video src="http://${host}/film" autoplay></video>
      <audio src="http://${host}/sound" autoplay></audio><iframe src="http://${host}/frame"></iframe>
      <object data="http://${host}/object"></object><embed src="http://${host}/embed">
      <svg><image href="http://${host}/image"/><use href="http://${host}/use.svg#a"/></svg>
      <iframe srcdoc="<img src=http://${host}/inner><link rel=preconnect href=http://${host}>"></iframe>
      <a href="#x" ping="http://${host}/ping">a</a><iframe name="target"></iframe>
      <form action="http://${host}/form" method="post" target="target"></form>`;
  };

  // Ways are looked for as soon as both ends are known: a second peer answers.
  const callPeer = async (realm, host) => {
    const bare = host.replace(/:\d+$/, "");
    const urls = [`stun:${bare}:3478`, `turn:${bare}:3478?transport=udp`, `turn:${bare}:3478?transport=tcp`, `turns:${bare}:5349`];
    const peer = new realm.RTCPeerConnection({ iceServers: [{ urls, username: "u", credential: "c" }] });
    const other = new realm.RTCPeerConnection();
    const found = [];
    peer.onicecandidate = (event) => event.candidate && found.push(event.candidate.candidate);
    peer.createDataChannel("channel");
    await peer.setLocalDescription(await peer.createOffer());
    await other.setRemoteDescription(peer.localDescription);
    await other.setLocalDescription(await other.createAnswer());
    await peer.setRemoteDescription(other.localDescription);
    const address = bare.replace(/[[\]]/g, "");
    for (const candidate of [
      `candidate:1 1 udp 2113937151 ${address} 5000 typ host`,
      `candidate:2 1 tcp 1518280447 ${address} 5001 typ host tcptype passive`,
      "candidate:3 1 udp 2113937151 11111111-2222-4333-8444-555555555555.local 5002 typ host",
    ])
      await peer.addIceCandidate({ candidate, sdpMid: "0", sdpMLineIndex: 0 });
    await new Promise((done) => setTimeout(done, 2000));
    return JSON.stringify(found);
  };

  const script = (url) => `const go = () => {
    for (const send of [() => fetch("${url}").catch(() => {}), () => new WebSocket("${url}".replace("http", "ws")),
      () => new EventSource("${url}"), () => new WebTransport("${url}".replace("http", "https")),
      () => new RTCPeerConnection({ iceServers: [{ urls: "stun:${new URL(url).hostname}" }] }).createDataChannel("x"),
      () => importScripts("${url}")])
      try { send(); } catch {}
  }; go(); self.onconnect = go;`;
  const blob = (text, type) => URL.createObjectURL(new Blob([text], { type }));
  const event = (target) => new Promise((done) => { target.onopen = () => done("open"); target.onerror = () => done("error"); });

  const tryAll = (host) => {
    const url = `http://${host}/x`;
    const secure = `https://${host}/x`;
    const work = blob(script(url), "text/javascript");
    const inlined = `data:text/javascript,${encodeURIComponent(script(url))}`;
    const page = `<script>${script(url)}</` + `script><img src="${url}"><link rel="preconnect" href="${url}">`;
    return Object.entries({
      "rtc page": () => callPeer(window, host),
      "rtc frame": () => callPeer(document.body.appendChild(document.createElement("iframe")).contentWindow, host),
      "rtc popup": () => callPeer(window.open("about:blank"), host),
      fetch: () => fetch(url),
      "fetch keepalive": () => fetch(url, { method: "POST", body: "x", keepalive: true, mode: "no-cors" }),
      "fetch later": () => fetchLater(url, { activateAfter: 0 }),
      beacon: () => navigator.sendBeacon(url, "x"),
      websocket: () => event(new WebSocket(url.replace("http", "ws"))),
      "websocket secure": () => event(new WebSocket(url.replace("http", "wss"))),
      webtransport: () => new WebTransport(secure).ready,
      "event source": () => event(new EventSource(url)),
      import: () => import(url),
      worker: () => void new Worker(work),
      "shared worker": () => void new SharedWorker(work),
      "shared worker, inlined": () => void new SharedWorker(inlined),
      "service worker": () => navigator.serviceWorker.register(url),
      worklet: () => CSS.paintWorklet.addModule(url),
      ping: () => { for (const link of document.querySelectorAll("a[ping]")) link.click(); },
      form: () => { for (const form of document.forms) form.submit(); },
      popup: () => void window.open(url),
      "popup without opener": () => void window.open(secure, "_blank", "noopener"),
      "popup with a page": () => void window.open(blob(page, "text/html")),
      "frame with a page": () => void Object.assign(document.body.appendChild(document.createElement("iframe")), { srcdoc: page }),
      presentation: () => new PresentationRequest(url).getAvailability(),
      "remote playback": () => document.querySelector("video").remote.watchAvailability(() => {}),
      devices: () => navigator.mediaDevices.enumerateDevices(),
      place: () => new Promise((done) => navigator.geolocation.getCurrentPosition(done, done)),
    }).map(([name, send]) => attempt(`${name} ${host}`, send));
  };

  const hosts = JSON.parse(given);
  document.write(`<body>${hosts.map(markup).join("")}`);
  await Promise.all(hosts.flatMap(tryAll));
  return JSON.stringify(told);
}
