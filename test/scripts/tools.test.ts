import { describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOf } from '../../scripts/tools.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const TOOLS = new URL('../../scripts/tools.ts', import.meta.url).href;

/**
 * A program that ends as Pulumi does: asked once it takes a while, says so, and gives its lock back; asked
 * twice it goes at once.
 */
const SLOW_TO_END = `
let asked = 0;
process.on('SIGINT', () => {
  asked += 1;
  if (asked > 1) process.exit(9);
  setTimeout(() => { console.log('lock given back'); process.exit(3); }, 300);
});
setInterval(() => console.log('making'), 20);
console.log('begun');
`;

test('gcloud and npm are started by the shell on Windows, with every word quoted, and nothing else is', () => {
  expect(startOf('gcloud', ['list', '--filter=name~^mpcomm-peer-'], 'win32')).toEqual({
    file: 'gcloud',
    words: ['"list"', '"--filter=name~^mpcomm-peer-"'],
    shell: true,
  });
  for (const [command, platform] of [
    ['pulumi', 'win32'],
    ['gcloud', 'linux'],
  ] as const) {
    const start = { file: command, words: ['up'], shell: false };
    expect(startOf(command, ['up'], platform)).toEqual(start);
  }
});

describe('a command that is interrupted', () => {
  const directory = temporaryDirectory();
  const [child, parent] = [join(directory, 'child.mjs'), join(directory, 'parent.mjs')];
  writeFileSync(child, SLOW_TO_END);

  /** A process of its own group, as a shell has it, that runs the command by `how`. */
  async function interrupt(how: 'tell' | 'show', signal: NodeJS.Signals, wholeGroup: boolean) {
    writeFileSync(
      parent,
      `import { realTools } from ${JSON.stringify(TOOLS)};
       const ended = await realTools.${how}(process.execPath, [${JSON.stringify(child)}]);
       console.log('status', typeof ended === 'number' ? ended : ended.status);`,
    );
    const started = spawn(process.execPath, ['--no-warnings', parent], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: PATIENCE_MS,
    });
    let output = '';
    let isAsked = false;
    started.stdout.on('data', (part: Buffer) => {
      output += part.toString();
      if (isAsked || !output.includes('begun')) return;
      isAsked = true;
      process.kill(wholeGroup ? -started.pid! : started.pid!, signal);
    });
    const [status] = (await once(started, 'close')) as [number | null];
    return { status, output };
  }

  test.each<['tell' | 'show', NodeJS.Signals, boolean, string]>([
    ['tell', 'SIGINT', true, 'Ctrl-C'],
    ['show', 'SIGINT', true, 'Ctrl-C'],
    ['tell', 'SIGTERM', false, 'kill'],
  ])('by %s, %s: it ends by itself, and its status is told', async (how, signal, wholeGroup) => {
    const { status, output } = await interrupt(how, signal, wholeGroup);
    expect(output).toMatch(/lock given back\nstatus 3\n$/);
    expect(status).toBe(0);
  });
});
