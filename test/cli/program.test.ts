import { expect, test } from '@jest/globals';
import { createProgram } from '../../cli/program.ts';
import { recordedContext } from '../support/recorded-context.ts';

async function commandsFor(firstWord?: string): Promise<string[]> {
  const program = await createProgram(recordedContext().context, () => undefined, firstWord);
  // Help is for all of them.
  return program.commands.map((command) => command.name()).filter((name) => name !== 'help');
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

test('help stays within the width of a terminal, as an option of more than 36 characters would not let it', async () => {
  const { commands } = await createProgram(recordedContext().context, () => undefined);
  for (const command of commands) {
    command.configureHelp({ helpWidth: 80 });
    const options = command.helpInformation().split(/^Examples/m)[0]!;
    for (const line of options.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  }
});

test('anything else loads all commands, for the help and for what may have been meant', async () => {
  const all = await commandsFor();
  for (const word of ['--help', 'help', 'rum', '']) expect(await commandsFor(word)).toEqual(all);
});
