// What is wanted: some names of a category, one range of a number, and a text. Rows are places in the measured columns.

const CATEGORIES = { part: "Part", kind: "Kind", language: "Language", split: "Split" };
const { names, columns } = data.measured;
const filters = { choices: {}, ranges: {}, text: "" }; // {field: Set of codes}, {field: {bin, place, label}}
const listeners = [];

// Whether the measured row at a place is wanted; `except` leaves one field out, so that a histogram shows what else
// could be chosen in it.
function isWanted(at, except = null) {
  for (const field in filters.choices)
    if (field !== except && !filters.choices[field].has(columns[field][at])) return false;
  for (const field in filters.ranges) {
    const { bin, place } = filters.ranges[field];
    if (field !== except && place(columns[field][at]) !== bin) return false;
  }
  return true;
}

const isShown = (row) =>
  isWanted(row.at) && (!filters.text || row.markup.toLowerCase().includes(filters.text.toLowerCase()));

function choose(field, code) {
  filters.choices[field] ??= new Set();
  const chosen = filters.choices[field];
  if (!chosen.delete(code)) chosen.add(code);
  if (!chosen.size) delete filters.choices[field];
  changed();
}

function chooseRange(field, range) {
  if (filters.ranges[field]?.bin === range.bin) delete filters.ranges[field];
  else filters.ranges[field] = range;
  changed();
}

function clearFilters() {
  filters.choices = {};
  filters.ranges = {};
  filters.text = find("#search").value = "";
  changed();
}

function changed() {
  const chip = (label, remove) =>
    make("button", { type: "button", class: "chip", title: "Remove this filter", onclick: remove }, label, make("span", { "aria-hidden": "true" }, " ×"));
  find("#chips").replaceChildren(
    ...Object.entries(filters.choices).flatMap(([field, chosen]) => [...chosen].map((code) => chip(nameOf(field, code), () => choose(field, code)))),
    ...Object.entries(filters.ranges).map(([field, range]) => chip(range.label, () => chooseRange(field, range))),
    ...(filters.text ? [chip(`“${filters.text}”`, () => { filters.text = find("#search").value = ""; changed(); })] : []),
  );
  listeners.forEach((listener) => listener());
}

function startFilters() {
  find("#filters").addEventListener("submit", (event) => event.preventDefault());
  find("#clear").addEventListener("click", clearFilters);
  let turn = 0;
  find("#search").addEventListener("input", async (event) => {
    const mine = ++turn;
    await wait(120);
    if (mine !== turn) return;
    filters.text = event.target.value.trim();
    changed();
  });
}
