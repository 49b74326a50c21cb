import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { TypedLines } from '../../../cli/play/typed-lines.ts';

/** What a terminal gives: keys, and what was shown. */
function terminal() {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  const { signal } = new AbortController();
  const lines = new TypedLines(input, { prompt: '? ', words: ['state', 'story'], signal, output });
  return { input, output, lines, shown: () => String(output.read() ?? '') };
}

/**
 * Takes all lines as a game does: each is obeyed for a while, then the next one is asked for. After each prompt comes the
 * next of `typed`.
 */
async function obeyAll(
  lines: TypedLines,
  ...typed: readonly (() => void)[]
): Promise<[string, boolean][]> {
  const taken: [string, boolean][] = [];
  const prompt = (): void => {
    lines.prompt();
    typed[taken.length]?.();
  };
  prompt();
  for await (const { line, wasAwaited } of lines) {
    taken.push([line, wasAwaited]);
    await new Promise((resolve) => setImmediate(resolve));
    prompt();
  }
  return taken;
}

test('lines that are pasted into a terminal are all taken, though its input ends meanwhile', async () => {
  const { input, lines } = terminal();
  const taken = await obeyAll(lines, () => input.end('one\rtwo\rthree\r'));
  expect(taken.map(([line]) => line)).toEqual(['one', 'two', 'three']);
  expect(taken.map(([, wasAwaited]) => wasAwaited)).toEqual([true, false, false]);
});

test('a line that a prompt stood before is known, and the first word is completed', async () => {
  const { input, lines, shown } = terminal();
  const typeFirst = (): void => ['sto', '\t', '\r'].forEach((keys) => input.write(keys));
  expect(await obeyAll(lines, typeFirst, () => input.end('next\r'))).toEqual([
    ['story ', true],
    ['next', true],
  ]);
  expect(shown()).toContain('? ');
});
