import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { checkCommand } from '../../../cli/check/check-command.ts';
import { recordedContext } from '../../support/recorded-context.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const directory = temporaryDirectory();
const CORE = pathToFileURL(join(import.meta.dirname, '../../../core')).href;

/** Loses one of ten messages that it gets, by a draw that is in no seed. */
const LOSING = `
import { randomInt } from 'node:crypto';
import { reliable } from '${CORE}/channels/reliable-link.ts';

export const guarantees = ['fifo', 'agreement'];
export const create = reliable((_group, out) => ({
  deadline: Infinity,
  held: 0,
  multicast(_now, message) {
    out.multicast(message);
    out.deliver(message);
  },
  receive(_now, _from, message) {
    if (randomInt(10) > 0) out.deliver(message);
  },
  advance() {},
}));
`;

test('what fails in every run, but in another way each time, is told as that, and nothing is shrunk', async () => {
  const ordering = join(directory, 'losing.js');
  writeFileSync(ordering, LOSING);
  const { context, data } = recordedContext();
  const options = {
    ordering,
    seeds: 3,
    from: 0,
    faults: [],
    workers: 1,
    state: directory,
  } as const;
  expect(await checkCommand(context, options)).toBe(1);
  const text = data.join('\n').replaceAll(/\s+/g, ' ');
  expect(text).toMatch(
    /breaks liveness .*; the same schedule does not come out the same each time that it is run: time, randomness or an order comes from elsewhere/,
  );
  expect(text).toContain('as drawn:');
});
