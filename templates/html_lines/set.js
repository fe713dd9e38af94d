// Sets many slices of text, each in a slot of its own, slots below each other on shared sheets: one print and one text
// layer for dozens of slices.
// In: JSON of [{text, classes, language, direction, style, group}]. Out: JSON of [[sheet, top, width, height], ...], where
// each slot stands, in px of its sheet; every slot begins at the left edge.
'use strict';

(() => {
  // Sides of slots are multiples of this: three quarters of it, as a PDF counts, are whole numbers.
  const STEP = 4;
  // Of the 10752 px of a sheet; see page.html.
  const FULL_PX = 2800;
  const stepped = (number) => Math.ceil(number / STEP) * STEP;

  function makeSlice({ text, classes, language, direction, style }) {
    const slice = document.createElement('p');
    slice.className = classes;
    slice.lang = language;
    slice.dir = direction;
    slice.style.cssText = style;
    // The corpus is anybody's: text is set as text.
    slice.textContent = text;
    return slice;
  }

  // Slices of a group share sheets.
  function dealt(lines, heights) {
    const open = new Map();
    const sheets = [];
    lines.forEach(({ group }, place) => {
      let sheet = open.get(group);
      if (!sheet || sheet.top + heights[place] > FULL_PX) {
        sheet = { places: [], tops: [], top: 0 };
        open.set(group, sheet);
        sheets.push(sheet);
      }
      sheet.places.push(place);
      sheet.tops.push(sheet.top);
      sheet.top += heights[place];
    });
    return sheets;
  }

  window.setLines = (json) => {
    const lines = JSON.parse(json);
    const slices = lines.map(makeSlice);
    document.body.replaceChildren(...slices);
    const boxes = slices.map((slice) => slice.getBoundingClientRect());
    const widths = boxes.map(({ width }) => stepped(width));
    const heights = boxes.map(({ height }) => stepped(height));
    const found = new Array(lines.length);
    const sections = dealt(lines, heights).map(({ places, tops }, number) => {
      const section = document.createElement('section');
      places.forEach((place, at) => {
        slices[place].style.width = `${widths[place]}px`;
        slices[place].style.height = `${heights[place]}px`;
        found[place] = [number, tops[at], widths[place], heights[place]];
        section.append(slices[place]);
      });
      return section;
    });
    document.body.replaceChildren(...sections);
    return JSON.stringify(found);
  };

  window.clearAll = () => document.body.replaceChildren();
})();
