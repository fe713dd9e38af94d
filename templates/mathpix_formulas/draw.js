// Draws many formulas onto one page, each on a sheet of paper of its own, and tells what of it draws which token.
// In: JSON of [{css, column, html, plain, marked}]; html has a <slot> for each formula. Out: JSON of
// [{width, height, marks, frame}] or [{width, height, error}], in px of the sheet. A mark is
// [kind, token, character, box, em, filled, stroke, window], of a word [kind, token, text, boxes, 0].
'use strict';

(() => {
  const options = { htmlTags: false, accessibility: {}, outMath: { include_svg: true } };
  const refused = /math-error|data-mml-node="merror"/;

  function paragraphs(markdown) {
    const holder = document.createElement('template');
    holder.innerHTML = window.markdownToHTML(markdown, options);
    return [...holder.content.children].map((paragraph) => paragraph.innerHTML);
  }

  // Setting up the reader of Markdown takes longer than a formula, so it is given all of them at once, a paragraph each.
  function convert(formulas) {
    const found = paragraphs(formulas.join('\n\n'));
    return found.length === formulas.length ? found : formulas.map((formula) => paragraphs(formula).join(''));
  }

  function fill(sheet, formulas, id) {
    const section = document.createElement('section');
    section.id = id;
    const article = document.createElement('article');
    article.style.cssText = sheet.css;
    if (sheet.column) article.className = 'column';
    article.innerHTML = sheet.html;
    article.querySelectorAll('slot').forEach((slot, place) => {
      slot.insertAdjacentHTML('afterend', formulas[place]);
      slot.remove();
    });
    section.append(article);
    return section;
  }

  // Paper comes in whole points: 4 px are 3.
  const sizeOf = ({ width, height }) => [width, height].map((side) => 4 * Math.ceil((side - 0.01) / 4));

  const rounded = (number) => Math.round(number * 1000) / 1000;

  // The nearest mark around an element: a colour, or a class where a colour would have changed the space. Relations that
  // are one sign to MathJax have a token each.
  function tokenOf(element) {
    const owner = element.closest('g[stroke^="#"], g[class*=" t"]');
    const tokens = (owner?.getAttribute('class') ?? owner?.getAttribute('stroke') ?? '').trim().slice(1).split('-');
    return tokens.length === 1 ? tokens[0] : tokens[[...owner.querySelectorAll('path')].indexOf(element)] ?? '';
  }

  function boxWithin(rect, sheet) {
    return [rect.left - sheet.left, rect.top - sheet.top, rect.right - sheet.left, rect.bottom - sheet.top].map(rounded);
  }

  // Signs that grow are put together from pieces that a window each cuts off.
  function windowOf(element, sheet) {
    const frame = element.parentElement.closest('svg');
    if (!frame.parentElement.closest('svg') || frame.dataset.table || frame.dataset.labels) return null;
    const at = frame.parentElement.getScreenCTM();
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => frame[name].baseVal.value);
    const corners = [new DOMPoint(x, y), new DOMPoint(x + width, y + height)].map((point) => point.matrixTransform(at));
    const [xs, ys] = [corners.map((point) => point.x), corners.map((point) => point.y)];
    return [Math.min(...xs) - sheet.left, Math.min(...ys) - sheet.top, Math.max(...xs) - sheet.left, Math.max(...ys) - sheet.top].map(rounded);
  }

  function markOf(element, sheet) {
    if (element.dataset.token) {
      const lines = [...element.getClientRects()].map((rect) => boxWithin(rect, sheet));
      return ['word', element.dataset.token, element.textContent, lines, 0];
    }
    const token = tokenOf(element);
    const box = boxWithin(element.getBoundingClientRect(), sheet);
    const em = rounded(Math.abs(element.getScreenCTM().d) * 1000);
    if (element.tagName === 'text') return ['text', token, element.textContent, box, em];
    const look = getComputedStyle(element);
    const filled = element.tagName !== 'line' && look.fill !== 'none';
    const stroke = rounded(((parseFloat(look.strokeWidth) || 0) * em) / 1000);
    return [element.tagName, token, element.dataset.c ?? '', box, em, filled, stroke, windowOf(element, sheet)];
  }

  const drawing = (element) => element.dataset.token || element.getAttribute('d') !== '';

  function marksOf(section) {
    const sheet = section.getBoundingClientRect();
    const elements = [...section.querySelectorAll('[data-token], path, rect, line, ellipse, polygon, text')];
    return elements.filter(drawing).map((element) => markOf(element, sheet));
  }

  function frameOf(section) {
    const frame = section.querySelector('.framed');
    return frame && boxWithin(frame.getBoundingClientRect(), section.getBoundingClientRect());
  }

  function signsOf(section) {
    const elements = [...section.querySelectorAll('path, rect, line, ellipse, polygon, text')];
    return elements.filter(drawing).map((element) => element.dataset.c ?? element.tagName).join();
  }

  window.drawAll = (json) => {
    const sheets = JSON.parse(json);
    const plain = convert(sheets.flatMap((sheet) => sheet.plain));
    const marked = convert(sheets.flatMap((sheet) => sheet.marked));
    const shown = document.createElement('main');
    const twins = document.createElement('main');
    twins.id = 'twins';
    let first = 0;
    const faults = sheets.map((sheet, place) => {
      const last = first + sheet.plain.length;
      const own = [plain.slice(first, last), marked.slice(first, last)];
      first = last;
      shown.append(fill(sheet, own[0], `sheet${place}`));
      twins.append(fill(sheet, own[1], `twin${place}`));
      return own.flat().find((html) => refused.test(html));
    });
    document.body.replaceChildren(shown, twins);
    // All is measured before anything is changed: each change would have the whole page laid out again.
    const sizes = [...shown.children].map((section) => sizeOf(section.getBoundingClientRect()));
    const rules = sizes.map(([width, height], place) => `@page sheet${place} { size: ${width}px ${height}px; margin: 0; }
      #sheet${place} { page: sheet${place}; }
      #sheet${place}, #twin${place} { width: ${width}px; height: ${height}px; }`);
    document.getElementById('sheets').textContent = rules.join('\n');
    const found = sizes.map(([width, height], place) => {
      const [section, twin] = [shown.children[place], twins.children[place]];
      if (faults[place]) return { width, height, error: faults[place].replace(/<[^>]*>/g, ' ').trim().slice(0, 300) };
      if (signsOf(section) !== signsOf(twin)) return { width, height, error: 'other signs with marks' };
      return { width, height, marks: marksOf(twin), frame: frameOf(twin) };
    });
    return JSON.stringify(found);
  };

  window.clearAll = () => {
    document.body.replaceChildren();
    document.getElementById('sheets').textContent = '';
  };
})();
