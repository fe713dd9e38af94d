// Puts the page together: sections, gallery, order, keyboard.

const ORDERS = {
  "mixed": null, "id": (row) => row.id, "longest target": (row) => -row.markup.length, "most regions": (row) => -row.regions.length,
  "smallest glyph": (row) => row.difficulty.smallest_glyph_px ?? Infinity, "lowest contrast": (row) => row.difficulty.contrast ?? Infinity,
  "most attempts": (row) => -row.attempt,
};

const gallery = find("#cards");
const cards = data.rows.map(makeCard);
const shownCards = () => [...gallery.children].filter((card) => !card.hidden);

function toggle(button, name) {
  const on = gallery.classList.toggle(name);
  button.setAttribute("aria-pressed", on);
}

function openSection(name) {
  for (const tab of findAll("[role=tab]")) {
    const mine = tab.getAttribute("aria-controls") === name;
    tab.setAttribute("aria-selected", mine);
    tab.tabIndex = mine ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !mine;
  }
}

function startSections() {
  const tabs = findAll("[role=tab]");
  tabs.forEach((tab, at) => {
    tab.addEventListener("click", () => openSection(tab.getAttribute("aria-controls")));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.stopPropagation();
      tabs[(at + step + tabs.length) % tabs.length].click();
      tabs[(at + step + tabs.length) % tabs.length].focus();
    });
  });
  openSection("gallery");
}

function startGallery() {
  gallery.append(...cards);
  whenNear(cards, buildCard);
  listeners.push(() => {
    cards.forEach((card) => { card.hidden = !isShown(card.row); });
    const num = cards.filter((card) => !card.hidden).length;
    find("#status").textContent = num === cards.length ? plural(num, "picture") : `${amount(num)} of ${plural(cards.length, "picture")}`;
    find("#empty").hidden = num > 0;
  });
  const order = find("#order");
  order.append(...Object.keys(ORDERS).map((name) => make("option", {}, name)));
  order.addEventListener("change", () => {
    const key = ORDERS[order.value];
    const compare = (a, b) => (key(a.row) < key(b.row) ? -1 : key(a.row) > key(b.row) ? 1 : 0);
    gallery.append(...(key ? [...cards].sort(compare) : cards));
  });
  find("#boxes").addEventListener("click", (event) => toggle(event.currentTarget, "with-boxes"));
  find("#sheet").addEventListener("click", (event) => toggle(event.currentTarget, "sheet"));
}

function moveCard(step) {
  const shown = shownCards();
  const from = shown.indexOf(document.activeElement.closest?.(".card"));
  const to = shown[from < 0 ? 0 : Math.min(Math.max(from + step, 0), shown.length - 1)];
  to?.focus({ preventScroll: true });
  to?.scrollIntoView({ block: "center" });
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "Escape") {
    if (typing) event.target.blur();
    cards.filter((card) => card.pinned.length).forEach((card) => pin(card, []));
    cards.filter((card) => card.matches(".wide")).forEach(widen);
    return;
  }
  if (typing || find("#gallery").hidden) return;
  const card = event.target.matches(".card") ? event.target : null;
  const keys = {
    b: () => find("#boxes").click(), s: () => find("#sheet").click(), "/": () => { find("#side").open = true; find("#search").focus(); },
    ArrowRight: () => moveCard(1), ArrowLeft: () => moveCard(-1),
    ...(card && { ArrowDown: () => stepRegion(card, 1), ArrowUp: () => stepRegion(card, -1), Enter: () => widen(card) }),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
}

startSections();
startFilters();
startHistograms();
startRejects();
startGallery();
document.addEventListener("keydown", onKey);
find("#side").open = matchMedia("(min-width: 64rem)").matches;
changed();
