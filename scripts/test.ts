import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * `npm test`: types, lint and layout beside the tests, which wait for half of their time. What the checks find is shown as
 * soon as they are through. Ends with status 1 if a check or a test failed.
 */
async function run(script: string): Promise<boolean> {
  // A shell finds npm on every system; no word is anybody's input.
  const child = spawn(`npm run --silent ${script}`, { stdio: 'inherit', shell: true });
  const [status] = (await once(child, 'close')) as [number | null];
  return status === 0;
}

const arePassed = await Promise.all(['check', 'jest'].map(run));
if (arePassed.includes(false)) process.exitCode = 1;
