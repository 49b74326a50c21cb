import { describe, expect, test } from '@jest/globals';
import { BODY_WIDTH, frameChart } from '../../charts/frame.ts';
import { COLOURS, fallbackOf, seriesStyle, SERIES_MAX } from '../../charts/palette.ts';
import { plotBody } from '../../charts/plot-body.ts';
import { malformedXml } from '../support/malformed-xml.ts';

const WORDS = {
  title: 'Peers <disagree> & how',
  subtitle: 'share of rounds, %; n = 10 runs a point',
  source: 'Source: results/2026-01-31-some, emulated zones',
  legend: [
    { label: '10 messages', series: 0, mark: 'line-and-dot' },
    { label: '50 messages', series: 5, mark: 'bar' },
  ],
} as const;

const POINTS = [
  { x: 2, y: 1 / 3 },
  { x: 3, y: 2 / 3 },
];

async function drawSample(): Promise<string> {
  const style = seriesStyle(1);
  const body = await plotBody(200, (Plot) => ({
    x: { label: 'peers <N>' },
    marks: [Plot.dot(POINTS, { x: 'x', y: 'y', fill: style.colour, stroke: style.colour })],
  }));
  return frameChart(WORDS, body);
}

describe('frameChart', () => {
  test('gives well-formed XML with its words escaped, and the same bytes again', async () => {
    const svg = await drawSample();
    expect(malformedXml(svg)).toBeNull();
    expect(svg).toContain('>Peers &lt;disagree&gt; &amp; how</text>');
    expect(svg).toContain('n = 10 runs a point</text>');
    expect(svg).toContain('>Source: results/2026-01-31-some, emulated zones</text>');
    expect(svg).toContain('peers &lt;N&gt;');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(await drawSample()).toBe(svg);
  });

  test('paints its own paper, follows the theme, and is light in print', async () => {
    const svg = await drawSample();
    const sheet = /<style>([\s\S]*)<\/style>/.exec(svg)![1]!;
    expect(sheet.indexOf('prefers-color-scheme:dark')).toBeGreaterThan(0);
    expect(sheet.indexOf('@media print')).toBeGreaterThan(sheet.indexOf('dark'));
    expect(svg).toContain(`<rect width="820"`);
  });

  test('gives a themed colour twice: plain for simple renderers, and as a variable', async () => {
    const { light } = COLOURS['series-1'];
    expect(await drawSample()).toMatch(
      new RegExp(`<g [^>]*fill="${light}"[^>]* style="[^"]*fill:var\\(--series-1\\)`),
    );
  });

  test('has no coordinate with more than two decimals', async () => {
    expect(await drawSample()).not.toMatch(/\d\.\d{3,}/);
  });

  test('refuses a drawing that is wider than the frame, and a chart without words', () => {
    const body = { content: '', width: BODY_WIDTH, height: 10 };
    expect(() => frameChart(WORDS, { ...body, width: BODY_WIDTH + 1 })).toThrow('fits');
    expect(() => frameChart({ ...WORDS, source: '' }, body)).toThrow('words');
  });
});

describe('the palette', () => {
  const luminance = (hex: string): number => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const share = parseInt(hex.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const contrast = (first: string, second: string): number => {
    const [low, high] = [luminance(first), luminance(second)].sort((a, b) => a - b);
    return (high! + 0.05) / (low! + 0.05);
  };

  test.each(['light', 'dark'] as const)('stands out from its paper: %s', (theme) => {
    for (let series = 0; series < SERIES_MAX; series += 1) {
      const colour = COLOURS[seriesStyle(series).role][theme];
      expect(contrast(colour, COLOURS.paper[theme])).toBeGreaterThanOrEqual(3);
    }
    for (const role of ['ink', 'muted'] as const) {
      expect(contrast(COLOURS[role][theme], COLOURS.paper[theme])).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('gives no two series the same symbol, filled alike, or the same dash', () => {
    const styles = Array.from({ length: SERIES_MAX }, (_, index) => seriesStyle(index));
    expect(new Set(styles.map(({ symbol, hollow }) => `${symbol}${hollow}`)).size).toBe(SERIES_MAX);
    expect(new Set(styles.map(({ dash }) => dash)).size).toBe(SERIES_MAX);
    expect(() => seriesStyle(SERIES_MAX)).toThrow('eight series');
  });

  test('knows the fallback of its own variables only', () => {
    expect(fallbackOf('var(--paper)')).toBe('#ffffff');
    expect(fallbackOf('var(--other)')).toBeNull();
    expect(fallbackOf('red')).toBeNull();
  });
});
