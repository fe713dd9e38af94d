// Sets many pages of Mathpix Markdown, each on a sheet of paper of its own: has the reader draw the markdown, gives each
// block its place, takes away what does not fit, and cuts where the paper ends.
// In: JSON of [{width, height, classes, language, spaced, variables, markdown, molecules, blocks, head, foot}], a block being
// {role, kind, area, lead, marker, task, depth, svg, kept, anchor}; spaced says whether words have boxes, molecules
// ({options, colours, stroke, pad, variables}, or null) how they look. Out: see measure.js; {reason, error} where there is no
// page.
'use strict';

(() => {
  const OPTIONS = {
    htmlTags: false, typographer: false, isDisableEmoji: true, accessibility: null, outMath: { include_svg: true },
  };
  const LEAST_BODY_PX = 40;
  const REFUSED = /math-error|data-mml-node="merror"/;
  const HAN = '\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef';
  const HEAD = new RegExp(`^(?:[^\\s${HAN}]+|[，。；：、？！）】》]+)`);
  const TAIL = new RegExp(`(?:[^\\s${HAN}]+|[（【《]+)$`);
  const { linesOf, fits, measure } = window.pages;
  const { optionsOf, paint, placeLetters, crop } = window.molecules;

  // The nodes of each block: the reader nests lists and quotes, a page is a row of blocks.
  function* leavesOf(root) {
    for (const child of [...root.children]) {
      if (child.tagName === 'UL' || child.tagName === 'OL') {
        for (const item of [...child.children]) {
          const inner = [...item.childNodes].filter((node) => node.tagName === 'UL' || node.tagName === 'OL');
          yield [...item.childNodes].filter((node) => !inner.includes(node));
          for (const list of inner) {
            const holder = document.createElement('div');
            holder.append(list);
            yield* leavesOf(holder);
          }
        }
      } else if (child.tagName === 'BLOCKQUOTE') {
        for (const part of [...child.children]) yield [part];
      } else if (child.tagName === 'SECTION') {
        for (const note of child.querySelectorAll('li')) yield [...note.childNodes];
      } else if (child.tagName !== 'HR') {
        yield [child];
      }
    }
  }

  function addMarker(element, block) {
    const words = firstText(element);
    if (block.task) words.data = words.data.replace(/^\s*\[[ x]\]\s*/, '');
    const marker = document.createElement('span');
    marker.className = block.task ? 'marker task' : 'marker';
    marker.textContent = block.marker;
    element.prepend(marker);
  }

  function firstText(element) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (walker.currentNode.data.trim()) return walker.currentNode;
    return element.appendChild(document.createTextNode(''));
  }

  function setApart(element, numSigns) {
    const node = firstText(element);
    let at = 0;
    for (let left = numSigns; left > 0 && at < node.length; at += 1) if (!/[\s\u00ad]/.test(node.data[at])) left -= 1;
    node.splitText(at);
    const lead = document.createElement('b');
    lead.className = 'lead';
    node.replaceWith(lead);
    lead.append(node);
  }

  // A browser would break a line beside any picture: what touches a formula is glued to it.
  function glue(element) {
    for (const formula of element.querySelectorAll('.math-inline')) {
      const before = formula.previousSibling;
      const after = formula.nextSibling;
      const tail = before?.nodeType === Node.TEXT_NODE ? TAIL.exec(before.data) : null;
      const head = after?.nodeType === Node.TEXT_NODE ? HEAD.exec(after.data) : null;
      if (!tail && !head) continue;
      const span = document.createElement('span');
      span.className = 'glued';
      const parts = [formula];
      if (tail) parts.unshift(before.splitText(tail.index));
      if (head) {
        after.splitText(head[0].length);
        parts.push(after);
      }
      formula.before(span);
      span.append(...parts);
    }
  }

  function makeBlock(nodes, block) {
    const element = document.createElement('div');
    element.className = `block ${block.role} ${block.kind}`;
    element.append(...nodes);
    if (block.marker) {
      element.style.setProperty('--depth', block.depth);
      addMarker(element, block);
    }
    if (block.lead) setApart(element, block.lead);
    if (block.svg) element.querySelector('img').outerHTML = block.svg;
    glue(element);
    return element;
  }

  function makeRunning(name, texts) {
    const area = document.createElement('div');
    area.className = name;
    area.append(...texts.map((text) => Object.assign(document.createElement('span'), { textContent: text })));
    return area;
  }

  function makeSheet(sheet, place) {
    const section = document.createElement('section');
    section.id = `sheet${place}`;
    section.className = sheet.classes;
    section.lang = sheet.language;
    for (const [name, value] of Object.entries(sheet.variables)) section.style.setProperty(name, value);
    section.style.width = `${sheet.width}px`;
    section.style.height = `${sheet.height}px`;
    const holder = document.createElement('template');
    const { molecules } = sheet;
    const smiles = molecules && { smiles: optionsOf(molecules.options) };
    holder.innerHTML = window.markdownToHTML(sheet.markdown, { ...OPTIONS, ...smiles });
    const leaves = [...leavesOf(holder.content)];
    const areas = Object.fromEntries(['top', 'body', 'notes'].map((name) => [name, makeRunning(name, [])]));
    section.append(makeRunning('head', sheet.head), ...Object.values(areas), makeRunning('foot', sheet.foot));
    if (leaves.length !== sheet.blocks.length) return refuse(section, 'markdown_misread', `${leaves.length} blocks of ${sheet.blocks.length}`);
    if (REFUSED.test(holder.innerHTML)) return refuse(section, 'formula_refused', 'MathJax read an error');
    const elements = leaves.map((nodes, at) => makeBlock(nodes, sheet.blocks[at]));
    elements.forEach((element, at) => areas[sheet.blocks[at].area].append(element));
    const painted = molecules ? paintAll(section, elements, sheet) : [];
    if (painted.some((one) => !one)) return refuse(section, 'molecule_refused', 'the drawer drew none');
    return { section, elements, areas, painted };
  }

  // The drawings of molecules, or undefined in the place of one that there is none of.
  function paintAll(section, elements, { blocks, molecules }) {
    for (const [name, value] of Object.entries(molecules.variables)) section.style.setProperty(name, value);
    return elements.filter((_, at) => blocks[at].kind === 'molecule').map((element) => {
      const drawing = element.querySelector('.smiles-inline > svg');
      const painted = drawing && paint(drawing, molecules.colours, molecules.stroke);
      if (painted) element.replaceChildren(painted.svg);
      return painted ?? undefined;
    });
  }

  function refuse(section, reason, error) {
    section.replaceChildren();
    section.style.padding = '0';
    return { section, reason, error };
  }

  const WHOLE = new Set(['formula', 'table', 'code', 'image', 'molecule', 'title', 'author', 'section', 'subsection', 'subsubsection']);

  // What is wider than its column, or nearly as high, does not fit on this page at all. Everything is measured before
  // anything is changed: each change would have all pages laid out again.
  function wide({ elements, areas }, sheet) {
    const height = areas.body.clientHeight;
    return elements.map((element, at) => {
      const most = element.getClientRects()[0].width - parseFloat(getComputedStyle(element).paddingInlineStart) + 1;
      const parts = [...element.querySelectorAll('svg, table, code, .glued')].map((part) => part.getBoundingClientRect().width);
      if (Math.max(0, ...parts) > most) return true;
      return WHOLE.has(sheet.blocks[at].kind) && element.getBoundingClientRect().height > 0.8 * height;
    });
  }

  // What goes with a block that does not fit: a caption with what it is the caption of, the sentence with its formula, items
  // with the one they are below.
  function* goneWith(blocks, at) {
    yield at;
    for (let after = at; blocks[after]?.kept && after + 1 < blocks.length; after += 1) yield after + 1;
    for (let before = at - 1; blocks[before]?.kept && !/head|title/.test(blocks[before].role); before -= 1) yield before;
    if (blocks[at].kind !== 'item') return;
    for (let below = at + 1; blocks[below]?.kind === 'item' && blocks[below].depth > blocks[at].depth; below += 1) yield below;
  }

  // Takes away what stands below the end of the last column: from a line on, never a part of a word.
  function cut({ elements, areas }, sheet) {
    const body = areas.body.getBoundingClientRect();
    for (let at = 0; at < elements.length; at += 1) {
      if (!elements[at]?.isConnected || sheet.blocks[at].area !== 'body') continue;
      const rects = [...elements[at].getClientRects()];
      if (rects.every((rect) => rect.right <= body.right + 2 && rect.bottom <= body.bottom + 1)) continue;
      const whole = WHOLE.has(sheet.blocks[at].kind) || !cutBlock(elements[at], body);
      return { from: whole ? at : at + 1, last: whole ? -1 : at };
    }
    return { from: elements.length, last: -1 };
  }

  // Whether something of the block stays.
  function cutBlock(element, body) {
    let last = null;
    let first = null;
    for (const line of linesOf(element, body)) {
      if (!fits(line, body)) {
        first = line;
        break;
      }
      last = line;
    }
    if (!first) return true;
    if (!last) return false;
    const end = document.createRange();
    let { node, offset } = last.end;
    if (last.broken) {
      const blank = node.data.lastIndexOf(' ', offset - 1);
      if (blank < 0) return false;
      offset = blank;
    }
    if (node.nodeType === Node.TEXT_NODE) end.setStart(node, offset);
    else end.setStartAfter(node.closest('.glued') ?? node);
    end.setEndAfter(element.lastChild);
    end.deleteContents();
    return /\S/.test(element.textContent);
  }

  function remove(made, sheet, from) {
    const gone = new Set();
    const drop = (at) => {
      gone.add(at);
      made.elements[at]?.remove();
      made.elements[at] = null;
    };
    for (let at = from; at < sheet.blocks.length; at += 1) if (sheet.blocks[at].area === 'body') drop(at);
    // A heading with nothing below it, a figure without its caption, say that a page is missing.
    for (let at = Math.min(from, sheet.blocks.length) - 1; at >= 0; at -= 1) {
      if (!made.elements[at]) continue;
      if (sheet.blocks[at].area !== 'body' || !sheet.blocks[at].kept) break;
      drop(at);
    }
  }

  function dropNotes(made, sheet) {
    sheet.blocks.forEach(({ anchor, area }, at) => {
      if (area !== 'notes' || !made.elements[at]) return;
      // The mark stands at the end of what it is a note to.
      if (made.elements[anchor] && made.elements[anchor].dataset.whole !== 'no') return;
      made.elements[at].remove();
      made.elements[at] = null;
    });
  }

  window.setAll = (json) => {
    const sheets = JSON.parse(json);
    const made = sheets.map(makeSheet);
    document.getElementById('sheets').textContent = '';
    document.body.replaceChildren(...made.map(({ section }) => section));
    const drawn = made.flatMap((one, place) => (one.painted ?? []).map((painted) => [one, painted, sheets[place].molecules.pad]));
    drawn.forEach(([, painted]) => placeLetters(painted));
    drawn.forEach(([one, painted, pad]) => {
      painted.svg.told = crop(painted, pad, 1);
      if (!painted.svg.told) Object.assign(one, refuse(one.section, 'molecule_refused', 'marks without a place'));
    });
    const crowded = made.map(({ areas }) => areas && areas.body.clientHeight < LEAST_BODY_PX);
    made.forEach((one, place) => crowded[place] && Object.assign(one, refuse(one.section, 'page_overflow', 'no room is left for the text')));
    const good = made.map((one, place) => [one, sheets[place]]).filter(([{ error }]) => !error);
    const tooWide = good.map(([one, sheet]) => wide(one, sheet));
    good.forEach(([one, sheet], place) => tooWide[place].forEach((isWide, at) => {
      if (!isWide) return;
      for (const gone of goneWith(sheet.blocks, at)) {
        if (!one.elements[gone]) continue;
        one.elements[gone].remove();
        one.elements[gone] = null;
      }
    }));
    const cuts = good.map(([one, sheet]) => cut(one, sheet));
    good.forEach(([one, sheet], place) => {
      if (cuts[place].last >= 0) one.elements[cuts[place].last].dataset.whole = 'no';
      remove(one, sheet, cuts[place].from);
      dropNotes(one, sheet);
    });
    document.getElementById('sheets').textContent = sheets
      .map(({ width, height }, place) => `@page sheet${place} { size: ${width}px ${height}px; margin: 0; }
        #sheet${place} { page: sheet${place}; }`)
      .join('\n');
    return JSON.stringify(made.map(({ section, reason, error, elements }, place) => (error ? { reason, error } : measure(section, elements, sheets[place]))));
  };

  window.clearAll = () => document.body.replaceChildren();
})();
