import assert from 'node:assert/strict';
import type { Rehearsal } from '../rehearsal/rehearse.ts';

/** Everything is there, and works: functions, machines, and one secret for all of them. */
export function assertWhole({ deadFunctions, google, pulumi }: Rehearsal, peers = 8): void {
  assert.deepEqual(deadFunctions, []);
  assert.equal(google.machines.size, peers);
  // Every machine is told a version that there is.
  const [version, ...others] = new Set(google.secretsRead.values());
  assert.deepEqual(others, []);
  assert.ok(version! >= 1 && version! <= google.secretVersions.length);
  assert.equal(pulumi.settings['secretVersion'], String(version));
}

/** Whether everything is as it was before the first deployment. */
export function assertNothingLeft({ google }: Rehearsal): void {
  const { made, functions, machines } = google;
  assert.deepEqual([[...made.keys()], functions.size, machines.size], [[], 0, 0]);
}
