// A target as elements whose pieces know their regions: as it is, or, where it is JSON, as a tree that folds.

// Cuts a text at the edges of all regions; each piece belongs to the regions with the tightest span around it.
class Linked {
  constructor(text, regions) {
    this.text = text;
    this.spans = regions.map((region, at) => ({ at, start: region.span[0], end: region.span[1] }))
      .filter(({ start, end }) => start >= 0 && end > start && end <= text.length);
    this.edges = [...new Set(this.spans.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  }

  nodes(from, to) {
    const cuts = [from, ...this.edges.filter((edge) => edge > from && edge < to), to];
    return cuts.slice(1).map((end, place) => {
      const start = cuts[place];
      const around = this.spans.filter((span) => span.start <= start && span.end >= end);
      if (!around.length || start === end) return this.text.slice(start, end);
      const tightest = Math.min(...around.map((span) => span.end - span.start));
      const own = around.filter((span) => span.end - span.start === tightest).map((span) => span.at);
      return make("span", { class: "seg", "data-own": own.join(" "), "data-all": around.map((span) => span.at).join(" ") },
        this.text.slice(start, end));
    });
  }
}

const rawTarget = (linked) => make("pre", { class: "raw" }, linked.nodes(0, linked.text.length));

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|-?\d[\d.eE+-]*|true|false|null|\s+/gy;

function tokenize(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) return null;
    if (match[0].trim()) tokens.push({ start, end: start + match[0].length, sign: match[0][0] });
  }
  return tokens;
}

// A tree of lines, or null where the text is no JSON. Objects of more than `many` entries come folded.
function jsonTree(linked, many = 60) {
  const tokens = tokenize(linked.text);
  try {
    JSON.parse(linked.text);
  } catch {
    return null;
  }
  let next = 0;
  const sign = () => tokens[next]?.sign;
  const mark = (text) => make("span", { class: "mark" }, text);

  function scalar(kind) {
    const { start, end, sign } = tokens[next++];
    if (sign !== '"') return make("span", { class: "number" }, linked.nodes(start, end));
    const absent = kind === "string" && linked.text.slice(start, end) === '"None"';
    return make("span", { class: absent ? "absent" : kind }, mark('"'), linked.nodes(start + 1, end - 1), mark('"'));
  }

  function value(head) {
    if (sign() !== "{" && sign() !== "[") {
      const line = make("div", { class: "line" }, head, scalar("string"));
      return { node: line, last: line };
    }
    const close = sign() === "{" ? "}" : "]";
    const open = mark(linked.text[tokens[next++].start]);
    const lines = [];
    while (sign() !== close) {
      const label = close === "}" ? [scalar("key"), mark(tokens[next++] && ": ")] : [];
      const { node, last } = value(label);
      if (sign() === ",") last.append(mark(linked.text[tokens[next++].start]));
      lines.push(node);
    }
    next++;
    const last = make("div", { class: "line" }, mark(close));
    const summary = make("summary", { class: "line" }, head, open, make("span", { class: "count" }, ` ${lines.length} ${close}`));
    return { node: make("details", { open: lines.length <= many }, summary, make("div", { class: "indent" }, lines), last), last };
  }
  return make("div", { class: "tree" }, value([]).node);
}

// HTML from a data set never meets the browser's parser, not even an idle one: tags of these names become new elements
// without attributes but spans of cells, other tags are left out, all else is text.
const HTML_KEPT = new Set("table caption thead tbody tfoot tr th td b i em strong sub sup br p ul ol li h1 h2 h3 h4".split(" "));
const TAG = /<(\/?)([a-z][a-z0-9-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi;

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

const decodeEntities = (text) => text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (all, decimal, hex, name) => {
  const code = decimal ? +decimal : parseInt(hex, 16);
  return name ? (ENTITIES[name] ?? all) : code <= 0x10ffff ? String.fromCodePoint(code) : all;
});

function safeHtml(text) {
  const open = [make("div", { class: "html" })];
  let done = 0;
  const putText = (end) => open.at(-1).append(decodeEntities(text.slice(done, end)));
  for (const match of text.matchAll(TAG)) {
    const [all, slash, name, attributes] = match;
    const tag = name.toLowerCase();
    putText(match.index);
    done = match.index + all.length;
    if (!HTML_KEPT.has(tag)) continue;
    const at = slash ? open.findLastIndex((node) => node.localName === tag) : -1;
    if (at > 0) open.length = at;
    if (slash) continue;
    const span = (of) => attributes.match(new RegExp(`\\b${of}\\s*=\\s*["']?(\\d+)`, "i"))?.[1];
    const node = make(tag, { colspan: span("colspan"), rowspan: span("rowspan") });
    open.at(-1).append(node);
    if (tag !== "br") open.push(node);
  }
  putText(text.length);
  return open[0];
}

// The views of a row's target, first the best: [name, () => element].
function targetViews(row) {
  const linked = new Linked(row.markup, row.regions);
  const views = [];
  const tree = row.format.includes("json") ? jsonTree(linked) : null;
  if (tree) views.push(["JSON", () => tree]);
  views.push([tree ? "Raw" : spaced(row.format) || "Target", () => rawTarget(linked)]);
  for (const [format, text] of Object.entries(row.alternates))
    views.push([format === "html" ? "HTML" : spaced(format), () => format === "html"
      ? make("div", {}, safeHtml(text), make("details", { class: "source" }, make("summary", {}, "source"), make("pre", {}, text)))
      : make("pre", {}, String(text))]);
  if (row.spec) views.push(["Spec", () => jsonTree(new Linked(row.spec, []), 12) ?? make("pre", {}, row.spec)]);
  return views;
}
