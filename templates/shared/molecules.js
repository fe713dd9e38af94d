// Paints a drawing that the reader of Mathpix Markdown makes of <smiles> as print can have it, and tells every mark of it.
// An element around it says the colour of its paper, the thickness and cap of its strokes, the font of its letters and the
// size of its counts: --paper, --stroke, --cap, --letters, --counts.
// Told: {lines, wedges, hashes, discs, rings, points, labels, order, signs, width, height, x, y}, places in px of the page as
// the drawing has them, of which it shows width and height px from x, y on. A label is [number, [[text, kind, boxes]]].
'use strict';

window.molecules = (() => {
  const NS = 'http://www.w3.org/2000/svg';

  // The drawer takes a theme's colours as they are: with an element's name in their place, each drawing has its own.
  const ELEMENTS = ['C', 'O', 'N', 'F', 'CL', 'BR', 'I', 'P', 'S', 'B', 'SI', 'H'];
  const theme = { ...Object.fromEntries(ELEMENTS.map((name) => [name, name])), BACKGROUND: 'none' };

  document.head.append(Object.assign(document.createElement('style'), {
    textContent: `
      svg.molecule { overflow: visible; letter-spacing: 0; text-indent: 0; white-space: pre; }
      svg.molecule line { stroke-width: var(--stroke); stroke-linecap: var(--cap); }
      /* The first of a hashed bond has no length. */
      svg.molecule .hash { stroke-linecap: round; }
      svg.molecule .disc { fill: var(--paper); }
      svg.molecule .ring { stroke-width: var(--stroke); }
      svg.molecule .label { font: var(--letters); }
      svg.molecule .label .small { font-size: var(--counts); }
    `,
  }));

  // What the reader is told of molecules.
  const optionsOf = (options) => ({ ...options, theme: 'light', themes: { light: theme } });

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
    constructor(drawing, colours) {
      this.colours = colours;
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

  // The drawing painted; its letters have their places once it stands in the document.
  function paint(drawing, colours, stroke) {
    const svg = document.createElementNS(NS, 'svg');
    svg.setAttribute('class', 'molecule');
    const found = { lines: [], wedges: [], hashes: [], discs: [], rings: [], points: [], labels: [], order: [], signs: [] };
    const [bonds, signs] = drawing.querySelectorAll(':scope > g');
    const painter = new Painter(drawing, colours);
    drawBonds(svg, painter, bonds, found);
    // What hides the bonds behind a letter is paper, not a mask: print would make a picture of a mask.
    drawing.querySelectorAll('mask > circle').forEach((circle) => {
      const [cx, cy, r] = numbers(circle, 'cx', 'cy', 'r');
      add(svg, 'circle', { cx, cy, r, class: 'disc' });
      found.discs.push([cx, cy, r]);
    });
    const texts = drawSigns(svg, painter, signs, found);
    return { svg, found, texts, stroke };
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

  function placeLetters({ found, texts }) {
    found.labels = texts.map((text, number) => [number, runsOf(text)]);
  }

  // Gives a painted drawing its paper, so much around it at each side, in whole steps of px: what is told of it, or null
  // where there is nothing, or nothing with a place.
  function crop(painted, [before, above, after, below], step) {
    const { svg, found } = painted;
    if (![found.lines, found.hashes, found.wedges, found.labels].some((marks) => marks.length)) return null;
    const whole = (side) => step * Math.ceil((side - 0.01) / step);
    const [left, top, right, bottom] = boundsOf(painted);
    const [x, y] = [left - before, top - above];
    const [width, height] = [whole(right + after - x), whole(bottom + below - y)];
    if (!Number.isFinite(width + height)) return null;
    svg.setAttribute('viewBox', `${x} ${y} ${width} ${height}`);
    svg.setAttribute('width', width);
    svg.setAttribute('height', height);
    return { ...found, width, height, x, y };
  }

  return { optionsOf, paint, placeLetters, crop };
})();
