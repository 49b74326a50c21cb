import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/**
 * `npm run check`: types, lint and layout, both tools at once, since neither needs the other and each leaves a core idle for
 * a while. Says what those had to say that found something, one after the other, and ends with status 1 then. The linter
 * knows all types and tells the compiler's errors as well, each file's by the tsconfig.json of its folder, for a fraction
 * of what `tsc --build` takes. infra/ is checked where its packages are (`npm --prefix infra test`).
 */
const TOOLS = [
  ['oxlint', '--type-check', '--ignore-pattern', 'infra/'],
  ['oxfmt', '--list-different'],
] as const;

async function run([command, ...words]: readonly [string, ...string[]]): Promise<boolean> {
  // On Windows the tools are scripts, which only a shell starts; no word of theirs is anybody's input.
  const child = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = (await once(child, 'close')) as [number | null];
  const [output, errors] = await said;
  if (status === 0) return true;
  process.stdout.write(output);
  process.stderr.write(errors);
  return false;
}

const areFine = await Promise.all(TOOLS.map(run));
if (areFine.includes(false)) process.exitCode = 1;
