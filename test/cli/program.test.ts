import { expect, test } from '@jest/globals';
import { createProgram } from '../../cli/program.ts';
import { recordedContext } from '../support/recorded-context.ts';

async function commandsFor(firstWord?: string): Promise<string[]> {
  const program = await createProgram(recordedContext().context, () => undefined, firstWord);
  return program.commands.map((command) => command.name());
}

test('the name of a command loads that command, and hardly another one', async () => {
  const all = await commandsFor();
  expect(all.length).toBeGreaterThan(12);
  for (const name of all) {
    const loaded = await commandsFor(name);
    expect(loaded).toContain(name);
    expect(loaded.length).toBeLessThanOrEqual(3);
  }
});

test('anything else loads all commands, for the help and for what may have been meant', async () => {
  const all = await commandsFor();
  for (const word of ['--help', 'help', 'rum', '']) expect(await commandsFor(word)).toEqual(all);
});
