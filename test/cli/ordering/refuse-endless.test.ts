import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { describeOrdering } from '../../../cli/ordering/describe-ordering.ts';
import { refuseEndless } from '../../../cli/ordering/refuse-endless.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const directory = temporaryDirectory();

function write(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

describe('the file of an ordering', () => {
  test('that loops while it is loaded is ended, and told what it does', async () => {
    const file = write('loops.mjs', 'for (;;);');
    await expect(refuseEndless(file, 300)).rejects.toThrow(
      /loops\.mjs is not done with being loaded after 0\.3 s\. What stands outside of create/,
    );
  });

  test.each([
    ['awaits.mjs', 'await new Promise(() => undefined);'],
    ['exits.mjs', 'process.exit(0);'],
  ])('that is never loaded is refused: %s', async (name, text) => {
    await expect(refuseEndless(write(name, text))).rejects.toThrow(
      /is never done with being loaded/,
    );
  });

  test.each([
    ['right.mjs', 'export const create = 1;'],
    ['throws.mjs', 'throw null;'],
    ['wrong.mjs', 'for ('],
    ['later.mjs', 'setInterval(() => undefined, 1000);'],
  ])('is left to who loads it for good: %s', async (name, text) => {
    await refuseEndless(write(name, text));
  });

  test('may be a name instead, or not be there', async () => {
    await refuseEndless('lamport');
    await refuseEndless(join(directory, 'absent.ts'));
  });
});

test('what a file says of itself is heard without running it in the thread of the command', async () => {
  const text = `globalThis.wasHere = true;
process.on('exit', () => (process.exitCode = 0));
export const create = () => ({});
export const guarantees = ['total'];`;
  const listeners = process.listenerCount('exit');
  const entry = await describeOrdering({ ordering: write('said.mjs', text) });
  expect(entry).toMatchObject({ name: 'file-said', guarantees: ['total'], survives: 'none' });
  expect([process.listenerCount('exit'), 'wasHere' in globalThis]).toEqual([listeners, false]);
  await expect(
    describeOrdering({ ordering: write('exits.mjs', 'process.exit(0);') }),
  ).rejects.toThrow(/the ordering calls process\.exit/);
});
