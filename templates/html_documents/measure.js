// Sets many documents, each on a sheet of paper of its own, cuts each where its paper ends, and tells where every line
// and word stands.
// In: JSON of [{width, height, classes, language, direction, words, vertical, variables, head, body, foot}], a block
// being {role, cells, inline, margin}. Out: JSON of [{width, height, blocks: [[cell, ...], ...]}]; a cell is
// {end, lines: [[start, end, x, y, right, bottom, broken], ...], words: [[start, end, x, y, right, bottom], ...]}, all in
// px of the sheet and in characters of the cell as it was given. A block that the cut took away is null.
'use strict';

(() => {
  const { linesOf: textLinesOf, rectOf, boxWithin } = window.textLines;

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

  // Two boxes are of one line when their middles are near across the line.
  function sameLine(vertical) {
    const middle = (rect) => (vertical ? (rect.left + rect.right) / 2 : (rect.top + rect.bottom) / 2);
    const size = (rect) => (vertical ? rect.width : rect.height);
    return (one, other) => Math.abs(middle(one) - middle(other)) < size(other) * 0.6;
  }

  function* linesOf(node, same, origin) {
    for (const { start, end, broken } of textLinesOf(node, same)) {
      yield [start, end, ...boxWithin(rectOf(node, start, end, same), origin), broken ? 1 : 0];
    }
  }

  function wordsOf(node, lines, same, origin) {
    const words = [];
    for (const [start, end] of lines) {
      for (const found of node.data.slice(start, end).matchAll(/\S+/g)) {
        const from = start + found.index;
        words.push([from, from + found[0].length, ...boxWithin(rectOf(node, from, from + found[0].length, same), origin)]);
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
    // Paper as high as what it says ends nowhere, but verses that run downwards may need more of its width.
    if (!sheet.height && !sheet.vertical) return known;
    const origin = section.getBoundingClientRect();
    const area = section.querySelector('.body');
    const body = boxWithin(area.getBoundingClientRect(), origin);
    const blocks = [...area.children];
    for (let place = 0; place < blocks.length; place += 1) {
      for (const node of nodesOf(blocks[place])) {
        const lines = [];
        let last = null;
        let outside = false;
        for (const line of linesOf(node, sameLine(sheet.vertical), origin)) {
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
        if (last?.[6]) end = Math.max(0, node.data.lastIndexOf(' ', end));
        const whole = blocks[place].childElementCount === 1 && end > 0;
        if (whole) {
          node.data = node.data.slice(0, end);
          blocks[place].classList.add('cut');
        }
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
        const same = sameLine(sheet.vertical && block.parentElement.className === 'body');
        const lines = known.get(node) ?? [...linesOf(node, same, origin)];
        return { end: node.length, lines, words: sheet.words ? wordsOf(node, lines, same, origin) : [] };
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
