// Statistics that are filters: a bar is pale for all measured rows and solid for those that the other filters leave.

const NUMBERS = {
  characters: "Target, characters", tokens: "Target, tokens", regions: "Regions a picture", smallest_glyph_px: "Smallest glyph, px",
  contrast: "Contrast ratio", width: "Picture width, px", height: "Picture height, px", depth: "Depth of the target",
  degradation: "Degradation", attempt: "Attempts before",
};
const OPTIONAL = new Set(["depth", "degradation"]); // shown only where they differ

// About 20 bins of a round width; the last one holds all above the 99th percentile.
function makeBins(field) {
  const values = columns[field].filter((value) => value !== null).sort((a, b) => a - b);
  const at = (frac) => values[Math.min(values.length - 1, Math.floor(frac * values.length))];
  const [least, most] = [values[0], at(0.99)];
  const rough = (most - least) / 20 || 1;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].find((factor) => factor * ten >= rough * 0.999) * ten, values.every(Number.isInteger) ? 1 : 0);
  const low = Math.floor(least / step + 1e-9) * step;
  const num = Math.floor((most - low) / step + 1e-9) + 1;
  const bins = Array.from({ length: num }, (_, place) => {
    const [start, end] = [low + place * step, low + (place + 1) * step];
    if (place === num - 1 && values.at(-1) >= end) return `${amount(start)} and more`;
    return step === 1 && values.every(Number.isInteger) ? amount(start) : `${amount(start)} to ${amount(end)}`;
  });
  const place = (value) => (value === null ? null : Math.min(num - 1, Math.floor((value - low) / step + 1e-9)));
  return { bins, place, median: at(0.5), least, greatest: values.at(-1) };
}

// Counts of rows by bin: [all, wanted by the other filters]. `place` gives the bin of a value, null for none.
function countRows(field, num, place) {
  const [all, wanted] = [new Array(num).fill(0), new Array(num).fill(0)];
  columns[field].forEach((value, at) => {
    const bin = place(value);
    if (bin === null) return;
    all[bin]++;
    if (isWanted(at, field)) wanted[bin]++;
  });
  return [all, wanted];
}

function makeBar(attributes, onclick) {
  return make("button", { type: "button", "aria-pressed": "false", ...attributes, onclick }, make("span", { class: "all" }), make("span", { class: "wanted" }));
}

// One stop of the tab key a histogram; arrows move within it.
function rove(group, bars) {
  bars.forEach((bar, at) => { bar.tabIndex = at === 0 ? 0 : -1; });
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const from = bars.indexOf(document.activeElement);
    const to = bars[from + step];
    if (!step || from < 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (to) [bars[from].tabIndex, to.tabIndex] = [-1, 0];
    to?.focus();
  });
}

function categoryPanel(field, label) {
  const place = (code) => code;
  const [all] = countRows(field, names[field].length, place);
  const order = all.map((_, code) => code).sort((a, b) => all[b] - all[a] || a - b);
  const bars = order.map((code) => makeBar({ class: "row", title: `${nameOf(field, code)}: ${plural(all[code], "row")}` }, () => choose(field, code)));
  bars.forEach((bar, at) => bar.append(make("span", { class: "label" }, nameOf(field, order[at])), make("span", { class: "num" })));
  const group = make("div", { class: "rows", role: "group", "aria-label": label }, bars);
  rove(group, bars);
  listeners.push(() => {
    const wanted = countRows(field, names[field].length, place)[1];
    const most = Math.max(...all, 1);
    order.forEach((code, at) => draw(bars[at], all[code] / most, wanted[code] / most, filters.choices[field]?.has(code) ?? false));
    order.forEach((code, at) => { find(".num", bars[at]).textContent = amount(wanted[code]); });
  });
  return make("div", { class: "panel", id: `filter-${field}` }, make("h3", {}, label), group);
}

function numberPanel(field, label) {
  const { bins, place, median, least, greatest } = makeBins(field);
  const [all] = countRows(field, bins.length, place);
  const bars = bins.map((said, bin) => makeBar({ class: "column", title: `${said}: ${plural(all[bin], "row")}`, "aria-label": `${said}: ${plural(all[bin], "row")}` },
    () => chooseRange(field, { bin, place, label: `${label.toLowerCase()}: ${said}` })));
  const group = make("div", { class: "columns", role: "group", "aria-label": label }, bars);
  rove(group, bars);
  listeners.push(() => {
    const wanted = countRows(field, bins.length, place)[1];
    const most = Math.max(...all, 1);
    bars.forEach((bar, bin) => draw(bar, all[bin] / most, wanted[bin] / most, filters.ranges[field]?.bin === bin));
  });
  return make("div", { class: "panel", id: `histogram-${field}` }, make("h3", {}, label, make("span", { class: "median" }, `median ${amount(median)}`)), group,
    make("p", { class: "scale" }, make("span", {}, amount(least)), make("span", {}, amount(greatest))));
}

function draw(bar, all, wanted, chosen) {
  // An empty bin is nothing, a rare one is still to be seen.
  for (const [name, share] of [["all", all], ["wanted", wanted]]) bar.style.setProperty(`--${name}`, share && Math.max(share, 0.015));
  bar.setAttribute("aria-pressed", chosen);
}

function startHistograms() {
  const categories = Object.entries(CATEGORIES).filter(([field]) => names[field].length > 1);
  const numbers = Object.entries(NUMBERS).filter(([field]) => {
    const values = new Set(columns[field]);
    values.delete(null);
    return values.size > (OPTIONAL.has(field) ? 1 : 0);
  });
  find("#histograms").append(
    ...categories.map(([field, label]) => categoryPanel(field, label)), ...numbers.map(([field, label]) => numberPanel(field, label)));
  const measured = () => columns.part.reduce((sum, _, at) => sum + isWanted(at), 0);
  listeners.push(() => {
    find("#measured").textContent = `${amount(measured())} of ${plural(columns.part.length, "row")} measured. Click a bar to filter.`;
  });
}
