import type { Backend } from '../control/ports.ts';
import { FirestoreStore } from './firestore-store.ts';
import { PubSubBus } from './pubsub-bus.ts';

export interface GoogleBackendOptions {
  readonly name: 'gcp' | 'emulators';
  readonly project: string;
  readonly topic: string;
  readonly database: string;
  /** `host:port` of each emulator; absent in the cloud. */
  readonly pubsubEmulatorHost?: string | undefined;
  readonly firestoreEmulatorHost?: string | undefined;
}

/** Pub/Sub and Firestore; nothing is contacted before the first call. */
export function openGoogleBackend(options: GoogleBackendOptions): Backend {
  const { name, project, topic, database } = options;
  const bus = new PubSubBus({ project, topic, emulatorHost: options.pubsubEmulatorHost });
  const store = new FirestoreStore({
    project,
    database,
    emulatorHost: options.firestoreEmulatorHost,
  });
  const close = async () => {
    await bus.close();
    await store.close();
  };
  return { name, bus, store, close };
}
