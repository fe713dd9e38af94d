// Tells where everything of a page stands: lines, words, formulas, cells. A formula or a picture counts as one sign, blanks
// and soft hyphens as none.
// Out, for a page: {width, height, head, foot, blocks}, a block being null where the cut took it away, else
// {signs, drawn, lines, words, objects, cells, box}: signs is all it shows, drawn what of it fonts draw; cells are
// [first, last], lines [first, last, x, y, right, bottom, broken, end of what is drawn], words [first, last, x, y, right,
// bottom], objects [first, last, x, y, right, bottom, [[kind, character, x, y, right, bottom, stroke], ...], smallest em, what
// shared/molecules.js tells of a molecule].
// All places are in signs and in px of the page.
'use strict';

(() => {
  const MARK = '\ufffc';
  const { linesOf: textLinesOf, rectOf, unite, rounded, boxWithin } = window.textLines;
  const seen = (text) => text.replace(/[\s\u00ad]/g, '');
  const numSigns = (text) => (/[\ud800-\udfff]/.test(text) ? [...seen(text)].length : seen(text).length);
  const same = (one, other) =>
    Math.abs(one.top + one.bottom - other.top - other.bottom) < other.height * 1.2 && Math.abs(one.left - other.left) < 4000;

  // Pieces of lines in reading order: stretches of words, formulas, pictures.
  function* piecesOf(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, {
      acceptNode: (node) => {
        if (node.parentNode.closest?.('mjx-container, svg')) return NodeFilter.FILTER_REJECT;
        const object = node.tagName === 'MJX-CONTAINER' || node.tagName === 'svg';
        return object || node.nodeType === Node.TEXT_NODE ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
      },
    });
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.nodeType !== Node.TEXT_NODE) {
        const drawing = node.tagName === 'svg' ? node : node.querySelector('svg');
        yield { node, object: true, rect: drawing.getBoundingClientRect(), broken: false };
        continue;
      }
      if (!node.data.trim()) continue;
      for (const { start, end, broken } of textLinesOf(node, same)) {
        yield { node, object: false, start, end, rect: rectOf(node, start, end, same), broken };
      }
    }
  }

  // A new line begins where the next piece does not stand to the right of the one before, or in another height.
  function* linesOf(root) {
    let line = null;
    for (const piece of piecesOf(root)) {
      const { rect } = piece;
      const follows = line && rect.left > line.right - 3 && rect.top < line.box.bottom - 1 && rect.bottom > line.box.top + 1;
      if (line && !follows) yield line;
      if (!follows) line = { pieces: [], box: rect };
      line.pieces.push(piece);
      line.box = unite([line.box, rect]);
      line.right = rect.right;
      line.broken = piece.broken;
      line.end = { node: piece.node, offset: piece.end };
    }
    if (line) yield line;
  }

  // A line's box is as high as its font says, which may be more than its leading, so it may reach out a little. What does
  // not fit lies beyond the edge altogether, or in another column.
  function fits({ box }, body) {
    const slack = 1 + 0.25 * Math.min(box.right - box.left, box.bottom - box.top, 40);
    return box.right <= body.right + slack && box.bottom <= body.bottom + slack;
  }

  const DRAWN = 'path, rect, line, ellipse, polygon, text';

  function glyphsOf(object, origin) {
    return [...object.querySelectorAll(DRAWN)].filter((element) => element.getAttribute('d') !== '').map((element) => {
      const kind = element.tagName === 'text' ? element.textContent : element.dataset.c ? String.fromCodePoint(parseInt(element.dataset.c, 16)) : '';
      return [element.tagName === 'text' ? 'text' : 'path', kind, ...boxWithin(element.getBoundingClientRect(), origin), strokeOf(element)];
    });
  }

  // Frames and rules of tables are lines around nothing, which a print measures with their thickness.
  function strokeOf(element) {
    if (element.tagName === 'path' || element.tagName === 'text') return 0;
    const thousandths = parseFloat(getComputedStyle(element).strokeWidth) || 0;
    return thousandths ? rounded(thousandths * Math.abs(element.getScreenCTM().d)) : 0;
  }

  // The smallest em of a formula, in px of the page: scripts are drawn smaller.
  function smallestOf(object) {
    const glyphs = [...object.querySelectorAll('path[data-c]')].filter((element) => element.getAttribute('d'));
    return Math.min(1e6, ...glyphs.map((element) => Math.abs(element.getScreenCTM().d) * 1000));
  }

  function measureRoot(root, origin, spaced, told) {
    for (const line of linesOf(root)) {
      const first = told.at;
      for (const piece of line.pieces) {
        if (piece.object) {
          const isFormula = piece.node.tagName !== 'svg';
          const glyphs = isFormula ? glyphsOf(piece.node, origin) : [];
          told.signs += MARK;
          const molecule = piece.node.told ?? null;
          told.drawn += molecule ? seen(piece.node.textContent) : glyphs.filter(([kind]) => kind === 'text').map(([, text]) => text).join('');
          told.objects.push([told.at, told.at + 1, ...boxWithin(piece.rect, origin), glyphs, isFormula ? rounded(smallestOf(piece.node)) : 0, molecule]);
          told.at += 1;
          continue;
        }
        const text = piece.node.data.slice(piece.start, piece.end);
        told.signs += seen(text);
        told.drawn += seen(text);
        for (const found of spaced ? text.matchAll(/\S+/g) : []) {
          const [from, to] = [told.at + numSigns(text.slice(0, found.index)), piece.start + found.index];
          const rect = found[0].length === text.length ? piece.rect : rectOf(piece.node, to, to + found[0].length, same);
          told.words.push([from, from + numSigns(found[0]), ...boxWithin(rect, origin)]);
        }
        told.at += numSigns(text);
      }
      told.lines.push([first, told.at, ...boxWithin(line.box, origin), line.broken ? 1 : 0, [...told.drawn].length]);
    }
  }

  function measureBlock(element, origin, spaced) {
    if (!element) return null;
    const told = { at: 0, signs: '', drawn: '', lines: [], words: [], objects: [], cells: [] };
    const cells = [...element.querySelectorAll('td, th')];
    for (const part of cells.length ? cells : [element]) {
      const first = told.at;
      measureRoot(part, origin, spaced && !cells.length, told);
      if (cells.length && told.at > first) told.cells.push([first, told.at]);
    }
    told.box = boxWithin((element.querySelector('table') ?? element).getBoundingClientRect(), origin);
    return told;
  }

  function measure(section, elements, sheet) {
    const origin = section.getBoundingClientRect();
    const running = (name) => [...section.querySelector(`:scope > .${name}`).children].map((part) => [part.textContent, ...boxWithin(rectOf(part.firstChild, 0, part.firstChild.length, same), origin)]);
    return {
      width: Math.ceil(origin.width - 0.01),
      height: Math.ceil(origin.height - 0.01),
      head: running('head'),
      foot: running('foot'),
      blocks: elements.map((element) => measureBlock(element, origin, sheet.spaced)),
    };
  }

  window.pages = { linesOf, fits, measure };
})();
