// Draws many molecules onto one page, each on a sheet of paper of its own, and tells every mark that it makes.
// In: JSON of [{place, smiles, options, colours, css, pad, stroke}]; a sheet that stands at a place already is drawn again.
// Out: JSON of what shared/molecules.js tells of each, or of {width, height, error}.
'use strict';

(() => {
  // Paper comes in whole points: 4 px are 3.
  const SHEET = 4;
  const rules = new Map();
  const { optionsOf, paint, placeLetters, crop } = window.molecules;

  function convert(molecules, options) {
    const text = molecules.map((smiles) => `<smiles>${smiles}</smiles>`).join('\n\n');
    const holder = document.createElement('template');
    holder.innerHTML = window.markdownToHTML(text, { htmlTags: false, accessibility: {}, smiles: optionsOf(options) });
    const found = [...holder.content.querySelectorAll('.smiles-inline')];
    return found.length === molecules.length ? found : molecules.map(() => null);
  }

  // Setting up the reader of Markdown costs as much as a molecule: those that are drawn alike are given to it at once.
  function drawings(sheets) {
    const alike = new Map();
    sheets.forEach(({ options }, place) => {
      const key = JSON.stringify(options);
      alike.set(key, [...(alike.get(key) ?? []), place]);
    });
    const found = [];
    alike.forEach((places, key) => {
      const drawn = convert(places.map((place) => sheets[place].smiles), JSON.parse(key));
      places.forEach((place, at) => { found[place] = drawn[at]; });
    });
    return found;
  }

  function draw(sheet, holder) {
    const section = document.createElement('section');
    section.id = `sheet${sheet.place}`;
    const article = document.createElement('article');
    article.style.cssText = sheet.css;
    section.append(article);
    const drawing = holder?.querySelector('svg');
    if (!drawing) return { section, error: holder?.textContent ?? 'no drawing' };
    const painted = paint(drawing, sheet.colours, sheet.stroke);
    article.append(painted.svg);
    return { section, painted };
  }

  window.drawAll = (json) => {
    const sheets = JSON.parse(json);
    const holders = drawings(sheets);
    const drawn = sheets.map((sheet, at) => draw(sheet, holders[at]));
    drawn.forEach(({ section }) => {
      const before = document.getElementById(section.id);
      if (before) before.replaceWith(section);
      else document.body.append(section);
    });
    // All is measured before anything is changed: each change would have the whole page laid out again.
    drawn.filter((one) => one.painted).forEach(({ painted }) => placeLetters(painted));
    const results = drawn.map(({ painted, error }, at) => {
      const found = painted && crop(painted, sheets[at].pad, SHEET);
      return found ?? { width: 64, height: 64, error: error ?? 'marks without a place' };
    });
    results.forEach(({ width, height }, at) => {
      const id = `sheet${sheets[at].place}`;
      rules.set(id, `@page ${id} { size: ${width}px ${height}px; margin: 0; }
        #${id} { page: ${id}; width: ${width}px; height: ${height}px; }`);
    });
    document.getElementById('sheets').textContent = [...rules.values()].join('\n');
    return JSON.stringify(results);
  };

  window.clearAll = () => {
    document.body.replaceChildren();
    rules.clear();
    document.getElementById('sheets').textContent = '';
  };
})();
