import { zonesForPeers } from '../network/zones.ts';
import type { Delay } from '../simulation/scenario.ts';

/** The delays between the published zones, with jitter. */
export function zonedDelay(peers: number): Delay {
  return { kind: 'zones', zones: zonesForPeers(peers, null), jitter: true };
}

/** The delay that a command line names; `null`, and status 2, where it is unknown. */
export function namedDelay(name: string, delays: Readonly<Record<string, Delay>>): Delay | null {
  const delay = Object.hasOwn(delays, name) ? delays[name]! : null;
  if (delay !== null) return delay;
  console.error(`there is no delay ${name}; allowed: ${Object.keys(delays).join(', ')}`);
  process.exitCode = 2;
  return null;
}
