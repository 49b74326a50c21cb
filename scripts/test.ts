import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findSdkRoot } from '../local/emulators.ts';

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

/** Each test file that looks for Google's emulators would ask gcloud where they are, which takes a second and a half of a processor. */
async function runTests(): Promise<boolean> {
  const root = await findSdkRoot();
  if (root) process.env['CLOUDSDK_ROOT_DIR'] = root;
  return run('jest');
}

const arePassed = await Promise.all([run('check'), runTests()]);
if (arePassed.includes(false)) process.exitCode = 1;
