// Draws many charts onto one page, each on a sheet of paper of its own, and tells where everything stands.
// In: JSON of [{width, height, option, hatches}]. Out: JSON of [{texts, marks}] or [{error}], in px of the chart.
'use strict';

(() => {
  // Widths of texts, for ECharts. A canvas resolves its font anew for each new size, which took a quarter of a chart's
  // time: one size is measured, and scaled.
  const measuredPx = 100;
  const canvas = document.createElement('canvas').getContext('2d');
  const widths = new Map();
  function measureText(text, font) {
    const [, before, px, after] = /^(.*?)([\d.]+)px(.*)$/.exec(font);
    const face = `${before}${measuredPx}px${after}`;
    if (!widths.has(face)) widths.set(face, new Map());
    const known = widths.get(face);
    if (!known.has(text)) {
      canvas.font = face;
      known.set(text, canvas.measureText(text).width);
    }
    return { width: (known.get(text) * px) / measuredPx };
  }
  window.echarts.setPlatformAPI({ measureText });

  // Texts that Python has chosen travel as data; ECharts asks for them one by one.
  function sayAtTick({ ticks, texts }) {
    const near = Math.abs(ticks[ticks.length - 1] - ticks[0]) * 1e-6;
    return (value) => texts[ticks.findIndex((tick) => Math.abs(tick - value) <= Math.max(near, Math.abs(tick) * 1e-9))] ?? '';
  }
  const sayOfItem = (texts) => (item) => texts[item.dataIndex] ?? '';

  const listed = (part) => (part === undefined ? [] : Array.isArray(part) ? part : [part]);

  function giveWords(option) {
    for (const axis of [...listed(option.xAxis), ...listed(option.yAxis), ...listed(option.radar).flatMap((radar) => radar.indicator)]) {
      if (axis.axisLabel?.formatter?.ticks) axis.axisLabel.formatter = sayAtTick(axis.axisLabel.formatter);
    }
    for (const series of listed(option.series)) {
      for (const part of [series, ...listed(series.data)]) {
        const words = part?.label?.formatter;
        if (!Array.isArray(words)) continue;
        // The label of a radar polygon is asked for once per corner.
        part.label.formatter = series.type === 'radar' ? (item) => words[item.dimensionIndex] ?? '' : sayOfItem(words);
      }
    }
    return option;
  }

  const rounded = (number) => Math.round(number * 100) / 100;

  // Corners of an element's own rectangle where it stands on the chart: top left, top right, bottom right, bottom left.
  function corners(element) {
    const rect = element.getBoundingRect();
    const at = element.getComputedTransform?.() ?? element.transform;
    const points = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([x, y]) => [rect.x + x * rect.width, rect.y + y * rect.height]);
    return points.flatMap(([x, y]) => (at ? [at[0] * x + at[2] * y + at[4], at[1] * x + at[3] * y + at[5]] : [x, y]).map(rounded));
  }

  function box(quad) {
    const xs = [0, 2, 4, 6].map((at) => quad[at]);
    const ys = [1, 3, 5, 7].map((at) => quad[at]);
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }

  const around = (x, y, radius) => [x - radius, y - radius, x + radius, y + radius].map(rounded);

  // Marks of a series: [series, item, part, box]; part counts the corners of a radar polygon.
  function marksOf(series, place) {
    const data = series.getData();
    const marks = [];
    for (let at = 0; at < data.count(); at++) {
      const item = data.getRawIndex(at);
      const element = data.getItemGraphicEl(at);
      if (series.subType === 'radar') {
        const radius = Math.max(2, (series.get('symbolSize') ?? 4) / 2);
        data.getItemLayout(at).slice(0, -1).forEach(([x, y], part) => marks.push([place, item, part, around(x, y, radius)]));
      } else if (series.subType === 'line') {
        const points = data.getLayout('points');
        const [x, y] = [points[2 * at], points[2 * at + 1]];
        const radius = series.get('showSymbol') && series.get('symbol') !== 'none' ? series.get('symbolSize') / 2 : series.get('lineStyle.width');
        if (!Number.isNaN(y)) marks.push([place, item, 0, around(x, y, Math.max(1.5, radius))]);
      } else if (element) {
        marks.push([place, item, 0, box(corners(element))]);
      }
    }
    return marks;
  }

  // Who a text belongs to, found by climbing from it: [kind, number, detail].
  function ownersOf(chart, model) {
    const owners = new Map();
    model.eachComponent((kind, component) => {
      const view = kind === 'series' ? null : chart.getViewOfComponentModel(component);
      if (view?.group) owners.set(view.group, [kind, component.componentIndex]);
    });
    model.eachSeries((series, place) => {
      const data = series.getData();
      owners.set(chart.getViewOfSeriesModel(series).group, ['series', place]);
      for (let at = 0; at < data.count(); at++) {
        const element = data.getItemGraphicEl(at);
        if (element) owners.set(element, ['mark', place, data.getRawIndex(at)]);
      }
    });
    return owners;
  }

  function ownerOf(leaf, owners) {
    let detail = null;
    let part = null;
    for (let element = leaf; element; element = element.__hostTarget ?? element.parent) {
      detail ??= element.anid ?? element.__legendDataIndex ?? null;
      part ??= element.__dimIdx ?? null;
      const owner = owners.get(element);
      if (owner) return owner[0] === 'mark' ? [...owner, part] : [...owner, detail];
    }
    return ['unknown', 0, detail];
  }

  function textsOf(chart, owners) {
    const texts = [];
    for (const leaf of chart.getZr().storage.getDisplayList(true, false)) {
      if (leaf.type !== 'tspan' || !leaf.style.text) continue;
      texts.push({ owner: ownerOf(leaf, owners), text: leaf.style.text, quad: corners(leaf), font: leaf.style.font, fill: leaf.style.fill });
    }
    return texts;
  }

  function draw({ width, height, option }) {
    const chart = window.echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
    try {
      chart.setOption(giveWords(option));
      const svg = chart.renderToSVGString();
      const model = chart.getModel();
      const marks = [];
      model.eachSeries((series, place) => marks.push(...marksOf(series, place)));
      return { svg, found: { texts: textsOf(chart, ownersOf(chart, model)), marks } };
    } finally {
      chart.dispose();
    }
  }

  // Lines over every mark of a colour, its key in the legend too. (ECharts' own decals become images in a PDF, which
  // takes a second for one chart.)
  function hatch(section, { fill, angle, colour, gap }) {
    const [along, across] = [[Math.cos(angle), Math.sin(angle)], [-Math.sin(angle), Math.cos(angle)]];
    for (const mark of section.querySelectorAll(`svg [fill="${fill}"]:not(text)`)) {
      const { x, y, width, height } = mark.getBBox();
      const reach = Math.hypot(width, height) / 2;
      const at = (far, aside) => [0, 1].map((axis) => ([x + width / 2, y + height / 2][axis] + far * along[axis] + aside * across[axis]).toFixed(1));
      const lines = [];
      for (let aside = gap / 2 - reach; aside < reach; aside += gap) lines.push(`M${at(-reach, aside)}L${at(reach, aside)}`);
      const id = `${section.id}-hatch${section.querySelectorAll('clipPath').length}`;
      const path = `<path clip-path="url(#${id})" d="${lines.join('')}" stroke="${colour}" stroke-width="${gap / 4}" fill="none"/>`;
      const shape = mark.cloneNode();
      shape.removeAttribute('transform');
      const place = mark.getAttribute('transform');
      mark.insertAdjacentHTML('afterend', `<g${place ? ` transform="${place}"` : ''}><clipPath id="${id}">${shape.outerHTML}</clipPath>${path}</g>`);
    }
  }

  window.drawAll = (json) => {
    const sections = [];
    const rules = [];
    const sheets = JSON.parse(json);
    const found = sheets.map((sheet, place) => {
      rules.push(`@page sheet${place} { size: ${sheet.width}px ${sheet.height}px; margin: 0; }`);
      rules.push(`#sheet${place} { page: sheet${place}; width: ${sheet.width}px; height: ${sheet.height}px; }`);
      let drawn = { svg: '', found: null };
      try {
        drawn = draw(sheet);
      } catch (error) {
        drawn.found = { error: String(error) };
      }
      sections.push(`<section id="sheet${place}">${drawn.svg}</section>`);
      return drawn.found;
    });
    document.getElementById('sheets').textContent = rules.join('\n');
    document.body.innerHTML = sections.join('');
    sheets.forEach(({ hatches }, place) => hatches.forEach((lines) => hatch(document.body.children[place], lines)));
    return JSON.stringify(found);
  };

  window.clearAll = () => {
    document.body.replaceChildren();
    widths.clear();
  };
})();
