// Where the lines of a text node end, and where a stretch of it stands. `same(one, other)` says of two boxes whether they
// stand in one line.
'use strict';

window.textLines = (() => {
  const SOFT_HYPHEN = '\u00ad';
  const range = document.createRange();

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

  // Lines are about as long as the one before, so the search gallops from there, and never so far that it could meet the
  // same height in the next column. What is left and has one box only is the last line.
  function* lineEnds(node, same) {
    let start = 0;
    let length = 24;
    range.selectNodeContents(node);
    while (range.getClientRects().length > 1) {
      const first = rectAt(node, start);
      if (!first) break;
      const together = (at) => {
        const rect = rectAt(node, at);
        return !rect || same(rect, first);
      };
      let low = start;
      let step = Math.max(8, Math.floor(length * 0.9));
      let high = start + step;
      while (high < node.length && together(high)) {
        low = high;
        step = Math.max(4, Math.floor(step / 4));
        high += step;
      }
      if (high >= node.length) {
        if (together(node.length - 1)) break;
        high = node.length - 1;
      }
      while (high - low > 1) {
        const between = (low + high) >> 1;
        if (together(between)) low = between;
        else high = between;
      }
      length = high - start;
      start = high;
      yield high;
      range.setStart(node, start);
      range.setEnd(node, node.length);
    }
    yield node.length;
  }

  // Lines as {start, end, broken}, blanks and the hyphen at the end left out; broken where a word goes on below.
  function* linesOf(node, same) {
    const text = node.data;
    let start = 0;
    for (const next of lineEnds(node, same)) {
      let end = next;
      const broken = end < text.length && text[end - 1] === SOFT_HYPHEN;
      while (end > start && /[\s\u00ad]/.test(text[end - 1])) end -= 1;
      while (start < end && /\s/.test(text[start])) start += 1;
      if (start < end) yield { start, end, broken };
      start = next;
    }
  }

  // Of what stands in the line of the first character: a range that begins behind a soft hyphen takes the hyphen of the
  // line before with it.
  function rectOf(node, start, end, same) {
    const line = rectAt(node, start);
    range.setStart(node, start);
    range.setEnd(node, end);
    const rects = [...range.getClientRects()].filter((rect) => same(rect, line));
    return unite(rects.length ? rects : [line]);
  }

  const unite = (rects) => ({
    left: Math.min(...rects.map((rect) => rect.left)),
    top: Math.min(...rects.map((rect) => rect.top)),
    right: Math.max(...rects.map((rect) => rect.right)),
    bottom: Math.max(...rects.map((rect) => rect.bottom)),
  });

  const rounded = (number) => Math.round(number * 100) / 100;
  const boxWithin = (rect, origin) =>
    [rect.left - origin.left, rect.top - origin.top, rect.right - origin.left, rect.bottom - origin.top].map(rounded);

  return { linesOf, rectOf, unite, rounded, boxWithin };
})();
