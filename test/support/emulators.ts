import { afterAll } from '@jest/globals';
import { findEmulators, startEmulators, type Emulators } from '../../local/emulators.ts';

/**
 * Google's emulators for the tests of one file, ended after them; `undefined` where they are not
 * installed, and then a line says why. To be awaited at the top of the file, because Jest must know
 * at once which tests there are.
 */
export async function emulatorsForTests(
  options: { readonly functionsPort?: number } = {},
): Promise<Emulators | undefined> {
  const { installation, reason } = await findEmulators();
  if (installation === undefined) {
    process.stderr.write(`skipped, because the emulators were not found: ${reason}\n`);
    return undefined;
  }
  // Otherwise the clients look for a cloud's metadata server, and say that there is none.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const emulators = await startEmulators(installation, options);
  afterAll(() => emulators.stop());
  return emulators;
}
