// Draws many molecules onto one page, each on a sheet of paper of its own, and tells every mark that it makes.
// In: JSON of [{place, smiles, options, colours, css, pad, stroke}]; a sheet that stands at a place already is drawn again. Out: JSON of [{width, height, lines, wedges, hashes, discs,
// rings, points, labels}] or [{width, height, error}], in px of the sheet. A label is [disc, [[text, kind, boxes]]].
'use strict';

(() => {
  const NS = 'http://www.w3.org/2000/svg';
  // Paper comes in whole points: 4 px are 3.
  const SHEET = 4;
  const rules = new Map();

  // The drawer takes a theme's colours as they are: with an element's name in their place, each sheet has its own.
  const ELEMENTS = ['C', 'O', 'N', 'F', 'CL', 'BR', 'I', 'P', 'S', 'B', 'SI', 'H'];
  const theme = { ...Object.fromEntries(ELEMENTS.map((name) => [name, name])), BACKGROUND: 'none' };

  function convert(molecules, options) {
    const text = molecules.map((smiles) => `<smiles>${smiles}</smiles>`).join('\n\n');
    const smiles = { ...options, theme: 'light', themes: { light: theme } };
    const holder = document.createElement('template');
    holder.innerHTML = window.markdownToHTML(text, { htmlTags: false, accessibility: {}, smiles });
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

  const numbers = (element, ...names) => names.map((name) => Number(element.getAttribute(name)));
  const between = (a, b, share) => a + (b - a) * share;

  function add(parent, name, attributes) {
    const element = document.createElementNS(NS, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    parent.append(element);
    return element;
  }

  // A bond between two elements is painted in the colours of both, half and half: print has no gradients.
  class Painter {
    constructor(drawing, sheet) {
      this.colours = sheet.colours;
      this.gradients = new Map([...drawing.querySelectorAll('linearGradient')].map((one) => [one.id, one]));
    }

    colour(name) {
      return this.colours[name] ?? this.colours.C;
    }

    ends(paint) {
      const gradient = this.gradients.get(/#([\w-]+)/.exec(paint)?.[1]);
      const stops = [...gradient.querySelectorAll('stop')].map((stop) => this.colour(stop.getAttribute('stop-color')));
      return { stops, from: numbers(gradient, 'x1', 'y1'), to: numbers(gradient, 'x2', 'y2') };
    }
  }

  function drawLine(parent, painter, element, found) {
    const [x1, y1, x2, y2] = numbers(element, 'x1', 'y1', 'x2', 'y2');
    const [first, second] = painter.ends(element.getAttribute('stroke')).stops;
    const halves = first === second ? [[0, 1, first]] : [[0, 0.5, first], [0.5, 1, second]];
    halves.forEach(([from, to, stroke]) => add(parent, 'line', {
      x1: between(x1, x2, from), y1: between(y1, y2, from), x2: between(x1, x2, to), y2: between(y1, y2, to), stroke,
    }));
    found.push([x1, y1, x2, y2, halves.length]);
  }

  function drawHash(parent, painter, elements, found) {
    const { stops, from, to } = painter.ends(elements[0].getAttribute('stroke'));
    const [across, down] = [to[0] - from[0], to[1] - from[1]];
    const dashes = elements.map((element) => {
      const [x1, y1, x2, y2] = numbers(element, 'x1', 'y1', 'x2', 'y2');
      const share = (((x1 + x2) / 2 - from[0]) * across + ((y1 + y2) / 2 - from[1]) * down) / (across ** 2 + down ** 2);
      add(parent, 'line', { x1, y1, x2, y2, stroke: stops[share < 0.5 ? 0 : 1], class: 'hash' });
      return [x1, y1, x2, y2];
    });
    found.push(dashes);
  }

  function drawWedge(parent, painter, element, found) {
    const corners = element.getAttribute('points').trim().split(/\s+/).map((pair) => pair.split(',').map(Number));
    const { stops, from } = painter.ends(element.getAttribute('fill'));
    const apart = ([x, y]) => Math.hypot(x - from[0], y - from[1]);
    const [tip, base] = apart(corners[0]) < apart(corners[1]) ? stops : [...stops].reverse();
    const [a, b, c, d] = corners;
    const middle = [[between(a[0], b[0], 0.5), between(a[1], b[1], 0.5)], [between(d[0], c[0], 0.5), between(d[1], c[1], 0.5)]];
    const pieces = tip === base ? [[corners, tip]] : [[[a, middle[0], middle[1], d], tip], [[middle[0], b, c, middle[1]], base]];
    pieces.forEach(([points, fill]) => add(parent, 'polygon', { points: points.map((point) => point.join()).join(' '), fill }));
    found.push([...corners.flat(), pieces.length]);
  }

  function drawBonds(parent, painter, drawing, found) {
    const lines = [...drawing.children];
    for (let at = 0; at < lines.length; at += 1) {
      if (lines[at].tagName === 'polygon') {
        drawWedge(parent, painter, lines[at], found.wedges);
        found.order.push('wedge');
        continue;
      }
      // The strokes of a hashed bond share one gradient.
      const paint = lines[at].getAttribute('stroke');
      let last = at;
      while (lines[last + 1]?.getAttribute('stroke') === paint) last += 1;
      if (last > at) {
        drawHash(parent, painter, lines.slice(at, last + 1), found.hashes);
        found.order.push('hash');
        at = last;
      } else {
        drawLine(parent, painter, lines[at], found.lines);
        found.order.push('line');
      }
    }
  }

  function drawSigns(parent, painter, drawing, found) {
    const texts = [];
    [...drawing.children].forEach((element) => {
      // R and S as the drawer sees them, 5 px high: nobody reads them, and often they are wrong.
      if (element.classList.contains('debug')) return;
      if (element.tagName === 'circle') {
        const [cx, cy, r] = numbers(element, 'cx', 'cy', 'r');
        const hollow = element.hasAttribute('stroke');
        add(parent, 'circle', hollow
          ? { cx, cy, r, fill: 'none', stroke: painter.colour('C'), class: 'ring' }
          : { cx, cy, r, fill: painter.colour(element.getAttribute('fill')) });
        (hollow ? found.rings : found.points).push([cx, cy, r]);
        found.signs.push(hollow ? 'ring' : 'point');
        return;
      }
      const text = document.importNode(element, true);
      text.setAttribute('class', 'label');
      [text, ...text.querySelectorAll('[fill]')].forEach((one) => one.setAttribute('fill', painter.colour(one.getAttribute('fill'))));
      text.querySelectorAll('[class]').forEach((one) => one.setAttribute('class', 'small'));
      parent.append(text);
      texts.push(text);
      found.signs.push('text');
    });
    return texts;
  }

  function draw(sheet, holder) {
    const section = document.createElement('section');
    section.id = `sheet${sheet.place}`;
    const article = document.createElement('article');
    article.style.cssText = sheet.css;
    section.append(article);
    const drawing = holder?.querySelector('svg');
    if (!drawing) return { section, error: holder?.textContent ?? 'no drawing' };
    const svg = add(article, 'svg', { class: 'molecule' });
    const found = { lines: [], wedges: [], hashes: [], discs: [], rings: [], points: [], labels: [], order: [], signs: [] };
    const [bonds, signs] = drawing.querySelectorAll(':scope > g');
    const painter = new Painter(drawing, sheet);
    drawBonds(svg, painter, bonds, found);
    // What hides the bonds behind a letter is paper, not a mask: print would make a picture of a mask.
    drawing.querySelectorAll('mask > circle').forEach((circle) => {
      const [cx, cy, r] = numbers(circle, 'cx', 'cy', 'r');
      add(svg, 'circle', { cx, cy, r, class: 'disc' });
      found.discs.push([cx, cy, r]);
    });
    const texts = drawSigns(svg, painter, signs, found);
    return { section, svg, found, texts, stroke: sheet.stroke, pad: sheet.pad };
  }

  function runsOf(text) {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    const runs = [];
    let at = 0;
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      const shift = parentElement.getAttribute('baseline-shift') ?? 'main';
      const boxes = [...data].map((_, place) => {
        const { x, y, width, height } = text.getExtentOfChar(at + place);
        return [x, y, x + width, y + height];
      });
      if (data) runs.push([data, shift, boxes]);
      at += data.length;
    }
    return runs;
  }

  function boundsOf({ found, stroke }) {
    const points = [
      ...found.lines.flatMap(([x1, y1, x2, y2]) => [[x1, y1], [x2, y2]]),
      ...found.hashes.flat().flatMap(([x1, y1, x2, y2]) => [[x1, y1], [x2, y2]]),
      ...found.wedges.flatMap(([a, b, c, d, e, f, g, h]) => [[a, b], [c, d], [e, f], [g, h]]),
      ...found.labels.flatMap(([, runs]) => runs.flatMap(([, , boxes]) => boxes.flatMap(([a, b, c, d]) => [[a, b], [c, d]]))),
    ];
    const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
    return [Math.min(...xs) - stroke, Math.min(...ys) - stroke, Math.max(...xs) + stroke, Math.max(...ys) + stroke];
  }

  const whole = (side) => SHEET * Math.ceil((side - 0.01) / SHEET);

  function crop(one) {
    const [left, top, right, bottom] = boundsOf(one);
    const [before, above, after, below] = one.pad;
    const [x, y] = [left - before, top - above];
    const [width, height] = [whole(right + after - x), whole(bottom + below - y)];
    one.svg.setAttribute('viewBox', `${x} ${y} ${width} ${height}`);
    one.svg.setAttribute('width', width);
    one.svg.setAttribute('height', height);
    return { ...one.found, width, height, x, y };
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
    drawn.filter((one) => one.svg).forEach(({ found, texts }) => {
      found.labels = texts.map((text, place) => [place, runsOf(text)]);
    });
    const results = drawn.map((one) => {
      if (one.error) return { width: 64, height: 64, error: one.error };
      if (![one.found.lines, one.found.hashes, one.found.wedges, one.found.labels].some((marks) => marks.length)) {
        return { width: 64, height: 64, error: 'an empty drawing' };
      }
      const found = crop(one);
      return Number.isFinite(found.width + found.height) ? found : { width: 64, height: 64, error: 'marks without a place' };
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
