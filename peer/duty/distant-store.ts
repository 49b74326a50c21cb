import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../control/ports.ts';
import { pathBetween } from '../../network/network-model.ts';

/** Where the functions and the database stand, and where the published comparison server stood. */
const STORE_ZONE = 'us-central1-a';

/** A write opens a connection (one round trip), then the data travels (half a round trip). */
const ROUND_TRIPS_PER_WRITE = 1.5;

/**
 * A store as far from `zone` as the real one would be: each document is created one and a half round
 * trips later. Without this delay, the machine's scheduler would decide which peer's report is created
 * last, and the published count, which leaves that report out, would not depend on the zones at all.
 */
export function distantStore(store: Pick<Store, 'create'>, zone: string): Pick<Store, 'create'> {
  const roundTripMs = (2 * pathBetween(zone, STORE_ZONE).oneWayUs) / 1_000;
  return {
    create: async (path, fields, bytes) => {
      await sleep(roundTripMs * ROUND_TRIPS_PER_WRITE);
      return store.create(path, fields, bytes);
    },
  };
}
