// The gallery: a card a row, its picture with boxes beside its target, linked both ways.

const HUES = {
  title: 0, category: 1, value: 2, series: 3, x_title: 4, y_title: 4, axis_title: 4, tick: 5, source: 6,
  bar: 7, slice: 7, point: 7, layer: 7, cell: 7, box: 7, candle: 7,
};

// The same role has the same hue in every picture; roles that are not listed share the hues out among them.
const hueOf = (kind) => HUES[kind] ?? [...kind].reduce((sum, sign) => (sum * 31 + sign.codePointAt(0)) % 9973, 7) % 8;

function makeCard(row, number) {
  const card = make("article", { class: "card", tabindex: "0", id: `row-${number}`, "aria-label": `${spaced(row.kind)}, ${row.id}` },
    make("header", {},
      make("h3", {}, spaced(row.kind)),
      ["language", "part", "split"].map((field) => make("span", { class: "tag" }, names[field][columns[field][row.at]])),
      make("button", { type: "button", class: "widen", "aria-pressed": "false", title: "Use the whole width (Enter)" }, "enlarge")),
    make("div", { class: "body" }));
  card.row = row;
  card.pinned = [];
  find(".widen", card).addEventListener("click", () => widen(card));
  return card;
}

function buildCard(card) {
  const { row } = card;
  const picture = make("img", { alt: `${spaced(row.kind)} in ${row.language}`, src: pictureAddress(`picture-${card.id.slice(4)}`), width: row.width, height: row.height });
  const order = row.regions.map((region, at) => ({ ...region, at, area: (region.box[2] - region.box[0]) * (region.box[3] - region.box[1]) }))
    .sort((a, b) => b.area - a.area); // small boxes lie on top, so that each can be reached
  const overlay = makeSvg("svg", { class: "overlay", viewBox: `0 0 ${row.width} ${row.height}`, "aria-hidden": "true" },
    order.map(({ at, kind, box: [x0, y0, x1, y1] }) => makeSvg("rect",
      { x: x0, y: y0, width: Math.max(x1 - x0, 0.5), height: Math.max(y1 - y0, 0.5), class: `box hue${hueOf(kind)}`, "data-own": at })));
  const pane = make("div", { class: "pane", tabindex: "-1" });
  const views = targetViews(row);
  const buttons = views.map(([name, view], at) => make("button", { type: "button", "aria-pressed": at === 0, onclick: () => {
    buttons.forEach((button, place) => button.setAttribute("aria-pressed", place === at));
    pane.replaceChildren(view());
    light(card, card.pinned);
  } }, name));
  pane.append(views[0][1]());
  find(".body", card).append(
    make("figure", {}, make("div", { class: "picture" }, picture, overlay), make("figcaption", { class: "readout", "aria-live": "polite" })),
    make("div", { class: "target" }, make("div", { class: "views", role: "group", "aria-label": "Views of the target" }, buttons), pane));
  card.append(makeFooter(row));
  link(card, overlay, pane);
  light(card, []);
}

function makeFooter(row) {
  const line = `glyphmill show ${data.dataset} ${row.id}`;
  const { tokens, smallest_glyph_px: glyph, contrast } = row.difficulty;
  const facts = [`${row.width} × ${row.height} px`, plural(row.regions.length, "region"), `${plural([...row.markup].length, "character")}`, `${plural(tokens, "token")}`,
    glyph && `smallest glyph ${amount(glyph)} px`, contrast && `contrast ${amount(contrast)}`];
  return make("footer", {},
    make("p", { class: "facts" }, facts.filter(Boolean).join(" · ")),
    make("details", { class: "origin" },
      make("summary", {}, make("code", { class: "id" }, breakable(row.id))),
      make("p", {}, `seed ${row.seed} · index ${row.index} · attempt ${row.attempt} · renderer ${row.renderer_version} · recipe ${(row.recipe_digest ?? "").slice(0, 12)}`),
      make("p", {}, "prompt ", make("code", {}, JSON.stringify(row.prompt)), ` · task ${row.task}`),
      make("p", { class: "line-to-copy" }, make("code", {}, breakable(row.id)), copyButton(row.id, "the id")),
      make("p", { class: "line-to-copy" }, make("code", {}, line), copyButton(line, "the command"))));
}

function link(card, overlay, pane) {
  for (const side of [overlay, pane]) {
    const own = (event) => (event.target.dataset.own ?? "").split(" ").filter(Boolean).map(Number);
    side.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "touch") light(card, own(event).length ? own(event) : card.pinned, side === overlay);
    });
    side.addEventListener("pointerleave", () => light(card, card.pinned));
    side.addEventListener("click", (event) => {
      const regions = own(event);
      if (regions.length || side === overlay) pin(card, String(regions) === String(card.pinned) ? [] : regions, side === overlay);
    });
  }
}

function pin(card, regions, follow = true) {
  card.pinned = regions;
  card.classList.toggle("pinned", regions.length > 0);
  light(card, regions, follow);
}

// Lights regions on the picture and in the target; `follow` brings the text into its pane's view.
function light(card, regions, follow = false) {
  if (!card.lastElementChild.matches("footer")) return;
  const wanted = new Set(regions.map(String));
  for (const box of findAll(".box", card)) box.classList.toggle("lit", wanted.has(box.dataset.own));
  let first = null;
  for (const seg of findAll(".seg", card)) {
    const lit = seg.dataset.all.split(" ").some((at) => wanted.has(at));
    seg.classList.toggle("lit", lit);
    if (lit) first ??= seg;
  }
  for (const fold of findAll(".tree details", card))
    fold.firstElementChild.classList.toggle("lit", !fold.open && find(".seg.lit", fold) !== null);
  card.classList.toggle("lighting", regions.length > 0);
  if (follow && first) showIn(find(".pane", card), first.closest("details:not([open])") ?? first);
  readOut(card, regions);
}

function showIn(pane, node) {
  const [outer, inner] = [pane.getBoundingClientRect(), node.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) pane.scrollTop += inner.top - outer.top - outer.height / 3;
}

function readOut(card, regions) {
  const { row } = card;
  const said = regions.slice(0, 2).map((at) => {
    const { kind, text, span } = row.regions[at];
    return [make("span", { class: `role hue${hueOf(kind)}` }, spaced(kind)), make("q", {}, text),
      make("span", { class: "where" }, span[0] < 0 ? "not in the target" : `characters ${span[0]}–${span[1]}`)];
  });
  find(".readout", card).replaceChildren(...(said.length ? said.flat() : rolesOf(row)));
}

// What kinds of regions a picture has, and how many: the legend of its boxes.
function rolesOf(row) {
  const counts = new Map();
  for (const { kind } of row.regions) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, num]) => make("span", { class: `role where hue${hueOf(kind)}` }, `${spaced(kind)} ${num}`));
}

function widen(card) {
  const wide = card.classList.toggle("wide");
  const button = find(".widen", card);
  button.textContent = wide ? "reduce" : "enlarge";
  button.setAttribute("aria-pressed", wide);
  card.scrollIntoView({ block: "nearest" });
}

function stepRegion(card, step) {
  const { length } = card.row.regions;
  if (length) pin(card, [card.pinned.length ? (card.pinned[0] + step + length) % length : step > 0 ? 0 : length - 1]);
}
