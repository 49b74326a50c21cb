import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { CheckReport } from '../../../cli/check/render-check.ts';
import { runCommand } from '../../support/run-command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const LINK = new URL('../../../core/channels/reliable-link.ts', import.meta.url).href;
const directory = temporaryDirectory();

test('randomness of its own is not taken for anything else, and the finding names its place', async () => {
  const path = join(directory, 'chance.ts');
  writeFileSync(
    path,
    `import { reliable } from '${LINK}';
    export const create = reliable((_group, out) => ({
      deadline: Infinity, held: 0, advance() {},
      multicast(_now, message) { out.multicast(message); out.deliver(message); },
      receive(_now, _from, message) { if (Math.random() < 0.5) out.deliver(message); },
    }));
    export const guarantees = ['integrity'];`,
  );
  const words = ['check', path, '--faults', 'none', '--json', '--state', join(directory, 'state')];
  const { status, stdout } = await runCommand(words);
  const { failure } = JSON.parse(stdout) as CheckReport;
  expect([status, failure?.broke]).toEqual([1, 'liveness']);
  const { text } = failure!;
  expect(text).toMatch(/; the same schedule does not come out the same each time that it is run/);
  expect(text).toMatch(/; a possible cause is .*chance\.ts:5:43: Math\.random: is in no seed/);
});
