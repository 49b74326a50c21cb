import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventLog, EventType, LoggedEvent } from '../../core/records/event-log.ts';
import { Kind } from '../../core/message.ts';
import { findingOfObservations } from '../../diagram/finding.ts';
import { type DiagramInput, renderDiagram } from '../../diagram/render-diagram.ts';
import { anyLogs, logOf, opposedLogs } from './logs.ts';

const OPPOSED = findingOfObservations('peer 0 and peer 1 disagree', [
  { peer: 0, sender: 0, sequence: 0, position: 0 },
  { peer: 0, sender: 1, sequence: 0, position: 1 },
  { peer: 1, sender: 0, sequence: 0, position: 1 },
  { peer: 1, sender: 1, sequence: 0, position: 0 },
]);

function draw(change: Partial<DiagramInput> = {}): string {
  const logs = change.logs ?? opposedLogs();
  return renderDiagram({
    logs,
    peers: logs.map(() => ({ name: null, zone: null })),
    clocks: 'one',
    finding: OPPOSED,
    facts: ['unordered', 'seed 7'],
    ...change,
  });
}

function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!);
}

/** The elements with one of the classes, such as `a` for lines of the first message. */
function countOf(svg: string, group: string, classes: string): number {
  const start = svg.indexOf(`<g class="${group}">`);
  const content = svg.slice(start, svg.indexOf('</g>', start));
  return content.split(`class="${classes}"`).length - 1;
}

describe('the diagram of two peers that deliver two messages in opposite orders', () => {
  const svg = draw();
  const texts = textsOf(svg);

  test('says so in one sentence, with what was run', () => {
    expect(texts[0]).toBe('Peer 0 delivered (0,0) before (1,0), peer 1 the other way round.');
    expect(texts[1]).toBe('unordered · seed 7');
    expect(svg).toContain(`<title>${texts[0]}</title>`);
    expect(svg).toMatch(/<svg [^>]*role="img"/);
    expect(svg).toMatch(/<desc>[^<]*Peer 1 delivered \(1,0\) \(0,0\)\.[^<]*<\/desc>/);
  });

  test('tells at each mark what happens there, and in which order', () => {
    expect(texts).toEqual(
      expect.arrayContaining([
        'multicasts (0,0), delivers it first',
        'delivers (1,0) second',
        'multicasts (1,0), delivers it first',
        'delivers (0,0) second',
      ]),
    );
  });

  test('has an arrow for each message and marks that differ in shape, not only in colour', () => {
    expect(countOf(svg, 'messages', 'a')).toBe(1);
    expect(countOf(svg, 'messages', 'b')).toBe(1);
    expect(svg).toMatch(/<circle class="af"/);
    expect(svg).toMatch(/<path class="bf"/);
    expect(svg).toMatch(/\.b\{stroke-dasharray:/);
  });

  test('shows what was held back: peer 1 had (0,0) from 10 ms on, and delivered it at 14', () => {
    expect(countOf(svg, 'holds', 'af')).toBe(1);
    expect(countOf(svg, 'holds', 'bf')).toBe(0);
  });

  test('explains only the signs that it uses', () => {
    expect(texts).toContain('held back until it is delivered');
    expect(texts).not.toContain('lost on the way');
    expect(texts).not.toContain('crash');
  });

  test('asks for the colours of the reader, and for light ones in print', () => {
    expect(svg).toContain('@media screen and (prefers-color-scheme:dark)');
    expect(draw({ theme: 'light' })).not.toContain('prefers-color-scheme');
    expect(draw({ theme: 'dark' })).toMatch(/\.bg\{fill:#0d1117\}/);
  });

  test('is the same each time', () => {
    expect(draw()).toBe(svg);
  });
});

describe('a diagram', () => {
  test('marks crashes, pauses, losses, and what is never delivered', () => {
    const logs = [
      logOf(
        [0, 'multicast', 0, 0],
        [0, 'deliver', 0, 0],
        [0, 'send', 1, 0, 0],
        [0, 'send', 2, 0, 0],
      ),
      logOf([1, 'pause'], [3, 'resume'], [5, 'arrive', 0, 0, 0], [9, 'pause']),
      logOf([2, 'crash']),
    ];
    const dropped = new LoggedEvent(EventType.drop, 4_000, 2, 1, Kind.data, 0, 0, 3);
    logs[0]!.add(dropped);
    const finding = findingOfObservations('it was not delivered', [
      { peer: 1, sender: 0, sequence: 0, position: null },
    ]);
    const svg = draw({ logs, finding });
    const texts = textsOf(svg);
    expect(texts[0]).toBe('Peer 1 never delivered (0,0).');
    for (const text of [
      'crashes',
      'never delivers (0,0)',
      'no (0,0)',
      'lost on the way',
      'paused',
    ]) {
      expect(texts).toContain(text);
    }
  });

  test('keeps names of any kind from being read as elements or attributes', () => {
    const hostile = '"/><script>alert(1)</script><!--&\u0000\ud800';
    const svg = draw({
      peers: [
        { name: hostile, zone: hostile },
        { name: hostile, zone: null },
      ],
      facts: [hostile],
      notes: [hostile],
      finding: { sentence: hostile, messages: [], peers: [0] },
    });
    expect(svg).not.toMatch(/<script|<!--|\p{Cc}(?<!\n)/u);
    expect(svg).not.toMatch(/\p{Surrogate}/u);
    expect(svg).toContain('&lt;script&gt;');
    const names = new Set([...svg.matchAll(/<([a-z]+)/g)].map((match) => match[1]));
    const known = ['svg', 'title', 'desc', 'style', 'rect', 'g', 'path', 'text', 'circle'];
    expect([...names].filter((name) => !known.includes(name!))).toEqual([]);
  });

  test('has finite coordinates for any logs, and every element is closed', () => {
    fc.assert(
      fc.property(anyLogs, fc.constantFrom('one', 'own', 'none'), (logs, clocks) => {
        const order = logs[0]!.events.filter(({ type }) => type === EventType.deliver);
        const finding = { sentence: 'Anything.', messages: order.slice(0, 2), peers: [0] };
        const svg = draw({ logs, clocks: clocks as DiagramInput['clocks'], finding });
        expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
        const opened = [...svg.matchAll(/<[a-z]+[^>]*[^/]>|<[a-z]+>/g)].length;
        const closed = [...svg.matchAll(/<\/[a-z]+>/g)].length;
        expect(opened).toBe(closed);
      }),
    );
  });

  test('draws a long run around its finding, and says which part and what is left out', () => {
    const { logs, finding } = longRun(60, 4_000);
    const svg = draw({ logs, finding });
    expect(svg.length).toBeLessThan(400_000);
    const notes = textsOf(svg).join('\n');
    expect(notes).toMatch(/Shown: positions [\d,]+ to [\d,]+ of 4,000/);
    expect(notes).toMatch(/44 further peers are not drawn/);
    expect(svg.match(/class="peer-/g)!.length).toBe(16);
  });

  test('says that recording was cut', () => {
    const log = new EventLog(1);
    log.deliver(0, 0, 0);
    log.deliver(1, 0, 1);
    const svg = draw({ logs: [log], finding: { sentence: 'Cut.', messages: [], peers: [] } });
    expect(textsOf(svg).join('\n')).toContain('Recording was cut: 1 later events');
  });

  test('cuts a long wait short, and says for how long', () => {
    const logs = [
      logOf([0, 'multicast', 0, 0], [10, 'deliver', 0, 0]),
      logOf([20_000, 'deliver', 0, 0]),
    ];
    const finding = { sentence: 'Late.', messages: [{ sender: 0, sequence: 0 }], peers: [0, 1] };
    const texts = textsOf(draw({ logs, finding }));
    expect(texts).toEqual(expect.arrayContaining(['20 s', 'time cut short']));
  });

  test('has no two labels on top of each other', () => {
    const boxes = [
      ...draw().matchAll(/<text x="([\d.-]+)" y="([\d.-]+)" class="[ab]f strong halo">([^<]*)/g),
    ];
    expect(boxes.length).toBe(4);
    const places = boxes.map(([, x, y, text]) => ({
      x: Number(x),
      y: Number(y),
      length: text!.length,
    }));
    for (const [index, one] of places.entries()) {
      for (const other of places.slice(index + 1)) {
        const isApart =
          Math.abs(one.y - other.y) >= 12 ||
          one.x + one.length * 6 < other.x ||
          other.x + other.length * 6 < one.x;
        expect(isApart).toBe(true);
      }
    }
  });
});

/** `peers` peers that agree on `messages` messages but for the two in the middle. */
function longRun(peers: number, messages: number) {
  const middle = messages / 2;
  const logs = Array.from({ length: peers }, (_, peer) => {
    const log = new EventLog();
    for (let sequence = 0; sequence < messages; sequence += 1) {
      const isSwapped = peer === 50 && (sequence === middle || sequence === middle + 1);
      const delivered = isSwapped ? 2 * middle + 1 - sequence : sequence;
      const atUs = sequence * 1_000 + peer;
      if (peer === 0) log.multicast(atUs, 0, sequence);
      log.deliver(atUs, 0, delivered);
    }
    return log;
  });
  const observations = [0, 50].flatMap((peer) => [
    { peer, sender: 0, sequence: middle, position: peer === 0 ? middle : middle + 1 },
    { peer, sender: 0, sequence: middle + 1, position: peer === 0 ? middle + 1 : middle },
  ]);
  return { logs, finding: findingOfObservations('they disagree', observations) };
}
