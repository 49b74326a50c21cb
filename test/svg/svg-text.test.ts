import { describe, expect, test } from '@jest/globals';
import { coordinate, roundCoordinates } from '../../svg/coordinate.ts';
import { escapeXml } from '../../svg/escape-xml.ts';
import { textWidth } from '../../svg/text-width.ts';
import { shortenToWidth, wrapText } from '../../svg/wrap-text.ts';

describe('text for SVG', () => {
  test('escapes what XML gives a meaning to, and replaces what it cannot hold', () => {
    expect(escapeXml(`a<b> & "c" 'd'`)).toBe('a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;');
    expect(escapeXml('\u0001\u0085\ud800\ufffe')).toBe('\ufffd'.repeat(4));
  });

  test('takes bold letters for wider, and letters beyond ASCII for the widest', () => {
    expect(textWidth('il', 10)).toBeCloseTo(5.6);
    expect(textWidth('order', 10, 'bold')).toBeGreaterThan(textWidth('order', 10));
    expect(textWidth('\u2014', 10)).toBe(10);
  });

  test('wraps at spaces and keeps every word', () => {
    const text = 'one two three four five six seven';
    const lines = wrapText(text, 10, 80);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join(' ')).toBe(text);
    for (const line of lines) expect(textWidth(line, 10)).toBeLessThanOrEqual(80);
  });

  test('does not break at a no-break space, and leaves no empty line', () => {
    expect(wrapText('10\u00a0ms and 20\u00a0ms', 10, 50)).toEqual([
      '10\u00a0ms',
      'and',
      '20\u00a0ms',
    ]);
    expect(wrapText(' \n ', 10, 60)).toEqual([]);
  });

  test('cuts a word that is wider than the line, and lines beyond the last', () => {
    const [word] = wrapText('x'.repeat(100), 10, 60);
    expect(word).toMatch(/^x+\u2026$/);
    expect(textWidth(word!, 10)).toBeLessThanOrEqual(60);
    const lines = wrapText('one two three four five', 10, 40, { linesMax: 2 });
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/\u2026$/);
    expect(textWidth(lines[1]!, 10)).toBeLessThanOrEqual(40);
  });

  test('shortens by characters, not by halves of them', () => {
    expect(shortenToWidth('peer-1', 10, 100)).toBe('peer-1');
    expect(shortenToWidth('\u{1f600}'.repeat(9), 10, 35)).toBe('\u{1f600}\u{1f600}\u2026');
  });
});

describe('coordinates for SVG', () => {
  test('are rounded, in paths as well', () => {
    expect(coordinate(-0.001)).toBe('0');
    expect(coordinate(1.26, 1)).toBe('1.3');
    expect(roundCoordinates('M4.5,0A4.123456,1e3 -.5555 1.5e-9')).toBe('M4.5,0A4.12,1e3 -0.56 0');
  });

  test('are finite', () => {
    expect(() => coordinate(NaN)).toThrow('finite');
  });
});
