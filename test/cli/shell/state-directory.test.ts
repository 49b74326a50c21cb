import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { createProgram } from '../../../cli/program.ts';
import { recordedContext } from '../../support/recorded-context.ts';
import { runHere } from '../../support/run-command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const VARIABLE = 'MPCOMM_STATE_DIRECTORY';
const directory = temporaryDirectory();
const before = process.env[VARIABLE];
process.env[VARIABLE] = join(directory, 'chosen');

afterAll(() => {
  if (before === undefined) Reflect.deleteProperty(process.env, VARIABLE);
  else process.env[VARIABLE] = before;
});

test('simulate --from looks for its run where the variable says, and no scenario minds that', async () => {
  await expect(runHere('simulate', '--from', 'last')).rejects.toThrow(join(directory, 'chosen'));
  const other = join(directory, 'other');
  await expect(runHere('simulate', '--from', 'last', '--state', other)).rejects.toThrow(other);
  await expect(runHere('simulate', '--scenario', join(directory, 'none.json'))).rejects.toThrow(
    /none\.json/,
  );
  await expect(runHere('simulate', '--state', other)).rejects.toThrow(/it needs --from RUN/);
});

test('a grid has a folder of its own there', async () => {
  const { commands } = await createProgram(recordedContext().context, () => undefined, 'grid');
  const grid = commands.find((command) => command.name() === 'grid')!;
  expect(grid.getOptionValue('state')).toBe(join(directory, 'chosen', 'grid'));
});
