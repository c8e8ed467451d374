import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import t from 'tap';
import { fontFiles } from '#src/figures/fonts.js';
import { buildFigures, renderFigure } from '#src/figures/index.js';
import { layOut } from '#src/figures/render.js';
import { textWidth } from '#src/figures/text.js';
import { webFont } from '#src/figures/web-font.js';
import { shapes } from './samples.js';
import { outside, overlaps, sceneOf } from './scene.js';

const require = createRequire(import.meta.url);

t.test('the layout checks see what they are for', async (t) => {
  const view = await layOut({
    data: { values: [{ x: 5 }] },
    width: 100,
    height: 60,
    autosize: 'none',
    padding: 0,
    layer: [
      { mark: 'text', encoding: { text: { value: 'cut off' }, x: { value: 95 }, y: { value: 10 } } },
      { mark: 'text', encoding: { text: { value: 'over' }, x: { value: 40 }, y: { value: 40 } } },
      { mark: 'text', encoding: { text: { value: 'each' }, x: { value: 42 }, y: { value: 42 } } },
      { mark: 'rect', encoding: { x: { value: 0 }, x2: { value: 31.5 }, y: { value: 35 }, y2: { value: 50 } } },
    ],
  });
  const scene = sceneOf(view);
  view.finalize();
  t.strictSame(outside(scene, scene.texts), ['cut off']);
  t.strictSame(overlaps(scene.texts, scene.texts), ["'over' and 'each'"]);
  t.strictSame(overlaps(scene.texts, scene.bars), ["'over' and 'bar'"]);
});

for (const [shape, inputs] of Object.entries(shapes)) {
  t.test(`nothing overlaps or is cut off: ${shape}`, async (t) => {
    const figures = buildFigures({ families: [inputs] });
    t.ok(figures.length >= 3);
    for (const { name, spec } of figures) {
      const view = await layOut(spec);
      const scene = sceneOf(view);
      view.finalize();
      t.ok(scene.texts.length >= 8 && scene.bars.length >= 2, `${name} has texts and bars`);
      t.ok([244.8, 504].includes(Math.round(scene.width * 1000) / 1000), `${name} is a column or a page wide`);
      t.strictSame(outside(scene, scene.texts), [], `${name}: texts leave the page`);
      t.strictSame(outside(scene, scene.bars), [], `${name}: bars leave the page`);
      t.strictSame(overlaps(scene.texts, scene.texts), [], `${name}: texts overlap`);
      t.strictSame(overlaps(scene.texts, scene.bars), [], `${name}: texts on bars`);
    }
  });
}

t.test('text is measured as it is drawn', async (t) => {
  for (const [text, style] of [
    ['Iteration Execution Time (ms)', 'regular'],
    ['WAVE Tox, 1,234.5%', 'regular'],
    ['synthetic data', 'italic'],
  ] as const) {
    const font = style === 'italic' ? 'font-style="italic"' : '';
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="120"><text x="10" y="80" font-family="Tinos" font-size="50" ${font}>${text}</text></svg>`;
    const drawn = new Resvg(svg, { font: { loadSystemFonts: false, fontFiles: Object.values(fontFiles) } }).getBBox()!
      .width;
    const advance = textWidth(text, 50, style);
    t.ok(
      Math.abs(drawn - advance) < 6,
      `${text}: drawn ${drawn.toFixed(1)}, measured ${advance.toFixed(1)} (side bearings differ)`,
    );
  }
});

const sample = buildFigures({ families: [shapes['the published sweep']!] });

t.test('SVG: well formed, drawn with the embedded font, no address', async (t) => {
  const hostile = buildFigures({ families: [shapes['hostile names']!] });
  for (const { name, spec } of [...sample, ...hostile]) {
    const { svg, png, pdf } = await renderFigure(spec, ['svg']);
    t.equal(png, undefined);
    t.equal(pdf, undefined);
    // the font's bytes may spell anything
    t.notMatch(svg!.replace(/base64,[^)]*/g, ''), /NaN|undefined|Infinity/, name);
    t.doesNotThrow(() => new Resvg(svg!), `${name} is well formed`);
    const families = [...svg!.matchAll(/font-family="([^"]*)"/g)].map(([, family]) => family!);
    t.ok(families.length > 0 && families.every((family) => family.startsWith('Tinos')), 'Tinos first');
    t.match(svg, /@font-face\{font-family:Tinos;font-style:normal;src:url\(data:font\/woff;base64,/);
    t.notMatch(svg!.replace(/xmlns(:xlink)?="[^"]*"/g, ''), /https?:/);
    t.notMatch(svg, /<script|<b>/);
  }
  const again = await renderFigure(sample[0]!.spec, ['svg']);
  t.equal((await renderFigure(sample[0]!.spec, ['svg'])).svg, again.svg, 'the same every time');
});

t.test('PNG: 300 dots per inch at the printed size', async (t) => {
  const sizes = [];
  for (const { spec } of sample) {
    const { svg, png } = await renderFigure(spec, ['png', 'svg']);
    const height = Number(/height="([\d.]+)"/.exec(svg!)![1]);
    sizes.push(png!.readUInt32BE(16));
    t.ok(Math.abs(png!.readUInt32BE(20) - (height * 300) / 72) <= 1, 'height');
    const physical = png!.indexOf('pHYs');
    t.ok(physical > 0 && physical < png!.indexOf('IDAT'), 'resolution comes before the pixels');
    t.equal(png!.readUInt32BE(physical + 4), 11811, 'dots per metre: 300 / 0.0254');
    t.equal(png!.readUInt8(physical + 12), 1, 'unit: metre');
    const decoded = await require('sharp')(png).metadata();
    t.equal(decoded.density, 300, 'another reader agrees');
  }
  t.strictSame(sizes, [2100, 1020, 2100, 1020, 2100, 2100], '7 in and 3.4 in');
});

t.test('PDF: vectors, the shipped font as a subset, the same bytes from run to run', async (t) => {
  const { spec } = sample[0]!;
  const { pdf } = await renderFigure(spec, ['pdf']);
  const text = pdf!.toString('latin1');
  const fonts = [...text.matchAll(/\/BaseFont \/(\S+)/g)].map(([, font]) => font!);
  t.ok(fonts.length > 0 && fonts.every((font) => /^[A-Z]{6}\+Tinos/.test(font)), fonts.join(' '));
  t.match(text, /\/FontFile2/, 'embedded');
  t.notMatch(text, /\/Subtype \/Image/, 'no pixels');
  t.match(text, /\/MediaBox \[0 0 504 /);
  t.ok(pdf!.length < 60_000, 'a subset, not the font');
  const script = `import { buildFigures, renderFigure } from '#src/figures/index.js';
    import { shapes } from ${JSON.stringify(new URL('./samples.js', import.meta.url).href)};
    const [{ spec }] = buildFigures({ families: [shapes['the published sweep']] });
    process.stdout.write((await renderFigure(spec, ['pdf'])).pdf);`;
  const second = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TZ: 'Pacific/Auckland', LANG: 'C' },
    maxBuffer: 1 << 24,
  });
  t.ok(pdf!.equals(second), 'byte-identical in another process');
});

t.test('web font: the characters asked for, with their widths, and no others', async (t) => {
  const fontkit = require('fontkit');
  const original = fontkit.openSync(fontFiles.regular);
  const subset = fontkit.create(webFont('regular', 'ORION·8–%'));
  for (const character of 'ORION·8–%') {
    const codePoint = character.codePointAt(0)!;
    t.ok(subset.hasGlyphForCodePoint(codePoint), character);
    t.equal(subset.glyphForCodePoint(codePoint).advanceWidth, original.glyphForCodePoint(codePoint).advanceWidth);
    t.equal(subset.glyphForCodePoint(codePoint).path.toSVG(), original.glyphForCodePoint(codePoint).path.toSVG());
  }
  t.notOk(subset.hasGlyphForCodePoint('X'.codePointAt(0)!));
});
