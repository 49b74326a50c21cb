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

/** Takes all lines as a game does: each is obeyed for a while, then the next one is asked for. */
async function obeyAll(lines: TypedLines): Promise<[string, boolean][]> {
  const taken: [string, boolean][] = [];
  lines.prompt();
  for await (const { line, wasAwaited } of lines) {
    taken.push([line, wasAwaited]);
    await new Promise((resolve) => setImmediate(resolve));
    lines.prompt();
  }
  return taken;
}

test('lines that are pasted into a terminal are all taken, though its input ends meanwhile', async () => {
  const { input, lines } = terminal();
  setTimeout(() => input.end('one\rtwo\rthree\r'), 20);
  const taken = await obeyAll(lines);
  expect(taken.map(([line]) => line)).toEqual(['one', 'two', 'three']);
  expect(taken.map(([, wasAwaited]) => wasAwaited)).toEqual([true, false, false]);
});

test('a line that a prompt stood before is known, and the first word is completed', async () => {
  const { input, lines, shown } = terminal();
  setTimeout(() => ['sto', '\t', '\r'].forEach((keys) => input.write(keys)), 20);
  setTimeout(() => input.end('next\r'), 200);
  expect(await obeyAll(lines)).toEqual([
    ['story ', true],
    ['next', true],
  ]);
  expect(shown()).toContain('? ');
});
