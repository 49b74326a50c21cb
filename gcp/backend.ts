import type { Backend, WallClock } from '../control/ports.ts';
import { LazyBus } from './lazy-bus.ts';
import { LazyStore } from './lazy-store.ts';

export interface GoogleBackendOptions {
  readonly name: 'gcp' | 'emulators';
  readonly project: string;
  readonly topic: string;
  readonly database: string;
  /** `host:port` of each emulator; absent in the cloud. */
  readonly pubsubEmulatorHost?: string | undefined;
  readonly firestoreEmulatorHost?: string | undefined;
  /** The clock by which the emulators' callers tell the time; by default the time of day. */
  readonly clock?: WallClock;
}

/**
 * Pub/Sub and Firestore. Nothing is contacted before the first call, and of the two clients, which take
 * most of a function's start, only the one that is called is loaded.
 */
export function openGoogleBackend(options: GoogleBackendOptions): Backend {
  const { name, project, topic, database } = options;
  const bus = new LazyBus(async () => {
    const { PubSubBus } = await import('./pubsub-bus.ts');
    return new PubSubBus({ project, topic, emulatorHost: options.pubsubEmulatorHost });
  });
  const store = new LazyStore(async () => {
    const { FirestoreStore } = await import('./firestore-store.ts');
    return new FirestoreStore({ project, database, emulatorHost: options.firestoreEmulatorHost });
  });
  const close = async () => {
    await bus.close();
    await store.close();
  };
  return { name, bus, store, clock: options.clock ?? Date.now, close };
}
