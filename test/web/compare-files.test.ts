import { describe, expect, test } from '@jest/globals';
import { NOTHING_TOLD } from '../../control/logs/told.ts';
import { compareFiles, type DroppedFile } from '../../web/compare/compare-files.ts';
import { EXAMPLE_LOGS } from '../../web/compare/example-logs.ts';
import { messageNamer, peerNames } from '../../web/compare/log-names.ts';
import { describeRound, findUnordered } from '../../web/shared/round-detail.ts';

/** The same two logs in every form: peer 1 delivered the two messages the other way round. */
const ORDERS = [
  [
    [1, 1],
    [2, 1],
  ],
  [
    [2, 1],
    [1, 1],
  ],
] as const;
const FORMS: readonly (readonly [string, (order: (typeof ORDERS)[number]) => string])[] = [
  ['what Python prints', (order) => `[${order.map(([s, n]) => `(${s}, ${n})`).join(', ')}]`],
  ['JSON', (order) => JSON.stringify(order)],
  ['NDJSON', (order) => order.map(([sender, n]) => JSON.stringify({ sender, n })).join('\n')],
  ['CSV', (order) => ['sender,number', ...order.map((each) => each.join(','))].join('\n')],
  ['EPFL', (order) => ['b 1', ...order.map(([s, n]) => `d ${s} ${n}`)].join('\n')],
];

function toFiles(toText: (order: (typeof ORDERS)[number]) => string): DroppedFile[] {
  return ORDERS.map((order, index) => ({
    name: `${index + 1}.log`,
    bytes: new TextEncoder().encode(toText(order)),
  }));
}

describe('dropped files', () => {
  test.each(FORMS)('in the form of %s are judged', (_name, toText) => {
    const { comparison, columns, marks } = compareFiles(toFiles(toText), NOTHING_TOLD, 0);
    expect(comparison.unorderedRounds).toBe(2);
    expect(comparison.guarantees.total.held).toBe(false);
    const [first] = [describeRound(columns, 0, messageNamer(comparison))];
    expect(first).toEqual(['(1,1)', '(2,1)']);
    expect(findUnordered(marks, 2, 0, 1)).toBe(1);
    expect(findUnordered(marks, 2, 1, 1)).toBeNull();
  });

  test('as PowerShell writes them are read as well', () => {
    const files = toFiles(FORMS[3]![1]).map(({ name, bytes }) => {
      const text = new TextDecoder().decode(bytes);
      return { name, bytes: new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le')) };
    });
    expect(compareFiles(files, NOTHING_TOLD, 0).comparison.unorderedRounds).toBe(2);
  });

  test('in Latin-1 keep senders apart that differ in an umlaut', () => {
    const bytes = new Uint8Array(Buffer.from('sender,seq\nJürg,0\nJörg,0\n', 'latin1'));
    const files = ['a.csv', 'b.csv'].map((name) => ({ name, bytes }));
    expect(compareFiles(files, NOTHING_TOLD, 0).comparison.rounds).toBe(2);
  });

  test('that cannot be read are refused with their place', () => {
    const [first] = EXAMPLE_LOGS;
    const files = [first!, { name: 'b.log', bytes: new TextEncoder().encode('[(0, 0), (1') }];
    expect(() => compareFiles(files, NOTHING_TOLD, 0)).toThrow(/^b\.log/);
  });

  test('of the example disagree in two rounds', () => {
    const { comparison } = compareFiles(EXAMPLE_LOGS, NOTHING_TOLD, 0);
    expect(comparison.unorderedRounds).toBe(2);
    expect(peerNames(comparison)).toHaveLength(3);
  });
});
