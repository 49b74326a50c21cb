import { describe, expect, test } from '@jest/globals';
import { ALL, compareMessages, notes, rounds, tuples, turns } from './judged-logs.ts';
import { compareLogs } from '../../../control/logs/compare-logs.ts';
import { isPrintable } from '../../../control/printable.ts';

const findings = ({ findings: all }: { readonly findings: readonly string[] }) => all.join('\n');

describe('the normal form of names', () => {
  const [one, two] = ['Zo\u00e9', 'Zoe\u0301'];

  test('is of no account: an accent may be a character of its own', () => {
    const comparison = compareMessages([turns([one, 'b'], 3), turns([two, 'b'], 3)]);
    expect(rounds(comparison)).toEqual([0, 6]);
    expect(comparison.reading!.senders).toContain(one);
    expect(comparison.reading!.senders).not.toContain(two);
  });

  test('nor in what is told, and in the names of files', () => {
    const logs = [turns([one, 'b'], 3), turns([one, 'b'], 3)];
    const named = compareMessages(logs, { crashed: [two] }, [`${two}.log`, 'b.log']);
    expect(named.perPeer.map(({ called, standing }) => [called, standing])).toEqual([
      [one, 'crashed'],
      ['b', 'reported'],
    ]);
    const told = compareMessages(logs, { senders: [two, 'b'] });
    expect(told.perPeer.map(({ called }) => called)).toEqual([one, 'b']);
  });
});

test('senders that are equal but for case are told of', () => {
  const comparison = compareMessages([turns(['Alice', 'b'], 2), turns(['alice', 'b'], 2)]);
  expect(findings(comparison)).toContain(
    'Senders are equal but for case, and are taken for different ones: Alice and alice.',
  );
  expect(findings(compareMessages([ALL, ALL]))).not.toContain('case');
});

test('so are names of which a program had lost characters', () => {
  const lost = turns(['J\ufffdrg', 'Karl'], 2);
  expect(findings(compareMessages([lost, lost], { messages: 2 }))).toContain(
    'Names have U+FFFD where a program could not read a character: J\ufffdrg.',
  );
});

describe('names with escape sequences for a terminal', () => {
  const names = ['\u001b]0;pwn\u0007a', '\u001b]0;pwn\u0007b', '\u009b31mc'];
  const log = turns(names, 3);
  const other = [...log.slice(0, 4), log[5]!, log[4]!, ...log.slice(6, -1)];

  test('are spelled out in every sentence, and stay apart', () => {
    const files = [`\u001b[31m0.log`, `\u001b[31m1.log`];
    const comparison = compareMessages([log, other, log.slice(1)], {}, [...files, 'c\n.log']);
    const verdictTexts = Object.values(comparison.guarantees).flatMap(
      ({ counterexample, reason }) => [counterexample?.text ?? '', reason ?? ''],
    );
    const divergent = comparison.firstDivergence!.deliveries.map(({ message }) => message?.text);
    const sentences = [...comparison.reading!.notes, ...verdictTexts, ...divergent];
    expect(sentences.filter((text) => text !== undefined && !isPrintable(text))).toEqual([]);
    expect(notes(comparison)).toContain('is message 0 of sender \\u001b]0;pwn\\u0007a');
    expect(divergent[0]).toBe('(\\u001b]0;pwn\\u0007a, 0)');
  });

  test('also in what is refused', () => {
    const files = [0, 1, 2].map((place) => ({ name: `log${place}.txt`, text: tuples(log) }));
    expect(() => compareLogs(files, { senders: names, crashed: ['x'] }, 0)).toThrow(
      'allowed is one of \\u001b]0;pwn\\u0007a, ',
    );
    expect(() => compareLogs(files, { senders: ['x', 'y', 'z'] }, 0)).toThrow(
      /they show \\u001b\]0;pwn\\u0007a, /,
    );
  });
});
