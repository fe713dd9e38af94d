// Sets many documents, each on a sheet of paper of its own, cuts each where its paper ends, and tells where every line
// and word stands.
// In: JSON of [{width, height, classes, language, direction, words, vertical, variables, head, body, foot}], a block
// being {role, cells, inline, margin}. Out: JSON of [{width, height, blocks: [[cell, ...], ...]}]; a cell is
// {end, lines: [[start, end, x, y, right, bottom, broken], ...], words: [[start, end, x, y, right, bottom], ...]}, all in
// px of the sheet and in characters of the cell as it was given. A block that the cut took away is null.
'use strict';

(() => {
  const SOFT_HYPHEN = '\u00ad';
  const rounded = (number) => Math.round(number * 100) / 100;
  const range = document.createRange();

  function makeBlock({ role, cells, inline, margin }) {
    const block = document.createElement('p');
    block.className = role;
    if (margin) block.style.margin = margin;
    cells.forEach((text, place) => {
      if (place && inline) block.append(' ');
      if (place && role.startsWith('leader')) {
        const fill = document.createElement('span');
        fill.className = 'fill';
        block.append(fill);
      }
      const cell = document.createElement('span');
      cell.className = 'cell';
      // The corpus is anybody's: text is set as text.
      cell.textContent = text;
      block.append(cell);
    });
    return block;
  }

  function makeSheet(sheet, place) {
    const section = document.createElement('section');
    section.id = `sheet${place}`;
    section.className = sheet.classes;
    section.lang = sheet.language;
    section.dir = sheet.direction;
    for (const [name, value] of Object.entries(sheet.variables)) section.style.setProperty(name, value);
    if (sheet.width) section.style.width = `${sheet.width}px`;
    if (sheet.height) section.style.height = `${sheet.height}px`;
    for (const part of ['head', 'body', 'foot']) {
      const area = document.createElement('div');
      area.className = part;
      area.append(...sheet[part].map(makeBlock));
      section.append(area);
    }
    return section;
  }

  // Of what stands in the line of the first character: a range that begins behind a soft hyphen takes the hyphen of the
  // line before with it.
  function rectOf(node, start, end, axis) {
    const line = rectAt(node, start);
    range.setStart(node, start);
    range.setEnd(node, end);
    const rects = [...range.getClientRects()].filter((rect) => axis.same(rect, line));
    return {
      left: Math.min(...rects.map((rect) => rect.left)),
      top: Math.min(...rects.map((rect) => rect.top)),
      right: Math.max(...rects.map((rect) => rect.right)),
      bottom: Math.max(...rects.map((rect) => rect.bottom)),
    };
  }

  // Two boxes are of one line when their middles are near across the line.
  function axisOf(vertical) {
    const middle = (rect) => (vertical ? (rect.left + rect.right) / 2 : (rect.top + rect.bottom) / 2);
    const size = (rect) => (vertical ? rect.width : rect.height);
    return { same: (one, other) => Math.abs(middle(one) - middle(other)) < size(other) * 0.6 };
  }

  // Of a character that may ink nothing, such as a blank at the end of a line, that of the next one that has a place.
  function rectAt(node, at) {
    for (let next = at; next < node.length; next += 1) {
      range.setStart(node, next);
      range.setEnd(node, next + 1);
      const rects = range.getClientRects();
      const rect = rects[rects.length - 1];
      if (rect && (rect.width || rect.height)) return rect;
    }
    return null;
  }

  // Ends of the lines of a text node, by looking where its characters stand. Lines are about as long as the one before,
  // so the search gallops from there, and never so far that it could meet the same height in the next column.
  function* lineEnds(node, axis) {
    let start = 0;
    let length = 24;
    for (;;) {
      const first = rectAt(node, start);
      if (!first) break;
      const same = (at) => {
        const rect = rectAt(node, at);
        return !rect || axis.same(rect, first);
      };
      let low = start;
      let step = Math.max(8, Math.floor(length * 0.9));
      let high = start + step;
      while (high < node.length && same(high)) {
        low = high;
        step = Math.max(4, Math.floor(step / 4));
        high += step;
      }
      if (high >= node.length) {
        if (same(node.length - 1)) break;
        high = node.length - 1;
      }
      while (high - low > 1) {
        const between = (low + high) >> 1;
        if (same(between)) low = between;
        else high = between;
      }
      length = high - start;
      start = high;
      yield high;
    }
    yield node.length;
  }

  function* linesOf(node, axis, origin) {
    const text = node.data;
    let start = 0;
    for (const next of lineEnds(node, axis)) {
      let end = next;
      const broken = end < text.length && text[end - 1] === SOFT_HYPHEN;
      while (end > start && /[\s\u00ad]/.test(text[end - 1])) end -= 1;
      while (start < end && /\s/.test(text[start])) start += 1;
      if (start < end) yield [start, end, ...boxOf(rectOf(node, start, end, axis), origin), broken ? 1 : 0];
      start = next;
    }
  }

  const boxOf = (rect, origin) =>
    [rect.left - origin.left, rect.top - origin.top, rect.right - origin.left, rect.bottom - origin.top].map(rounded);

  function wordsOf(node, lines, axis, origin) {
    const words = [];
    for (const [start, end] of lines) {
      for (const found of node.data.slice(start, end).matchAll(/\S+/g)) {
        const from = start + found.index;
        words.push([from, from + found[0].length, ...boxOf(rectOf(node, from, from + found[0].length, axis), origin)]);
      }
    }
    return words;
  }

  const nodesOf = (block) => [...block.querySelectorAll('.cell')].map((cell) => cell.firstChild);

  // A line's box is as high as its font says, which may be more than its leading, so it may reach out a little. What does
  // not fit lies beyond the edge altogether, or in another column.
  function fits([, , x, y, right, bottom], body) {
    const slack = 1 + 0.4 * Math.min(right - x, bottom - y);
    return x >= body[0] - slack && y >= body[1] - slack && right <= body[2] + slack && bottom <= body[3] + slack;
  }

  // Takes away what stands below the end of the paper: from a line on, never a part of a word. Gives the lines of what
  // stands before, which stay where they are.
  function cut(section, sheet) {
    const known = new Map();
    if (!sheet.height) return known;
    const origin = section.getBoundingClientRect();
    const area = section.querySelector('.body');
    const body = boxOf(area.getBoundingClientRect(), origin);
    const blocks = [...area.children];
    for (let place = 0; place < blocks.length; place += 1) {
      for (const node of nodesOf(blocks[place])) {
        const lines = [];
        let last = null;
        let outside = false;
        for (const line of linesOf(node, axisOf(sheet.vertical), origin)) {
          outside = !fits(line, body);
          if (outside) break;
          last = line;
          lines.push(line);
        }
        if (!outside) {
          known.set(node, lines);
          continue;
        }
        let end = last ? last[1] : 0;
        if (last && last[6]) end = Math.max(0, node.data.lastIndexOf(' ', end));
        const whole = blocks[place].childElementCount === 1 && end > 0;
        if (whole) node.data = node.data.slice(0, end);
        blocks.slice(whole ? place + 1 : place).forEach((block) => block.classList.add('stub'));
        // A heading with nothing below it says that a page is missing.
        for (let at = whole ? -1 : place - 1; at >= 0 && /\b(heading|headline|byline)\b/.test(blocks[at].className); at -= 1) {
          blocks[at].classList.add('stub');
        }
        // A poster spreads what is left of it.
        return section.classList.contains('posters') ? new Map() : known;
      }
    }
    return known;
  }

  function measure(section, sheet, known) {
    const origin = section.getBoundingClientRect();
    const blocks = [...section.querySelectorAll('p')].map((block) => {
      if (block.classList.contains('stub')) return null;
      return nodesOf(block).map((node) => {
        const axis = axisOf(sheet.vertical && block.parentElement.className === 'body');
        const lines = known.get(node) ?? [...linesOf(node, axis, origin)];
        return { end: node.length, lines, words: sheet.words ? wordsOf(node, lines, axis, origin) : [] };
      });
    });
    return { width: Math.ceil(origin.width - 0.01), height: Math.ceil(origin.height - 0.01), blocks };
  }

  window.setAll = (json) => {
    const sheets = JSON.parse(json);
    const sections = sheets.map(makeSheet);
    document.getElementById('sheets').textContent = '';
    document.body.replaceChildren(...sections);
    // All are cut before any is measured: each change between would have the browser set all text again.
    const known = sections.map((section, place) => cut(section, sheets[place]));
    const found = sections.map((section, place) => measure(section, sheets[place], known[place]));
    document.getElementById('sheets').textContent = found
      .map(({ width, height }, place) => `@page sheet${place} { size: ${width}px ${height}px; margin: 0; }
        #sheet${place} { page: sheet${place}; width: ${width}px !important; height: ${height}px !important; }`)
      .join('\n');
    return JSON.stringify(found);
  };

  window.clearAll = () => document.body.replaceChildren();
})();
