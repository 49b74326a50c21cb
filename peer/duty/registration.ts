import { type RegistryEntry, paths, registryEntrySchema } from '../../control/documents.ts';
import type { Store } from '../../control/ports.ts';
import type { Logger } from '../log.ts';

/** Another daemon that started later has taken this peer's place in the registry. */
export class ReplacedError extends Error {
  override name = 'ReplacedError';
}

/**
 * Keeps this daemon's entry in the registry fresh, so that runs find it. An entry that is no longer
 * renewed stops counting as live by itself.
 */
export class Registration {
  readonly #store: Store;
  readonly #entry: Omit<RegistryEntry, 'heartbeatAtMs'>;
  readonly #intervalMs: number;
  readonly #wallMs: () => number;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #beat: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    store: Store,
    entry: Omit<RegistryEntry, 'heartbeatAtMs'>,
    intervalMs: number,
    wallMs: () => number,
    log: Logger,
  ) {
    this.#store = store;
    this.#entry = entry;
    this.#intervalMs = intervalMs;
    this.#wallMs = wallMs;
    this.#log = log;
  }

  /** Writes the first entry, then renews it; calls `onReplaced` when a later daemon has taken the name. */
  async start(onReplaced: (error: ReplacedError) => void): Promise<void> {
    await this.#write(this.#wallMs());
    this.#scheduleNext(onReplaced);
  }

  /** Takes this daemon out of the live peers at once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#beat;
    await this.#renew(0).catch((error: unknown) => {
      this.#log.warn({ err: error }, 'the registry entry will run out by itself');
    });
  }

  /** Times the next renewal only once this one is done, so that a slow store is not asked ever more. */
  #scheduleNext(onReplaced: (error: ReplacedError) => void): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#beat = this.#renew()
        .catch((error: unknown) => {
          if (error instanceof ReplacedError) onReplaced(error);
          else this.#log.warn({ err: error }, 'the heartbeat failed and will be tried again');
        })
        .then(() => this.#scheduleNext(onReplaced));
    }, this.#intervalMs);
  }

  async #renew(heartbeatAtMs = this.#wallMs()): Promise<void> {
    const document = await this.#store.read(paths.peer(this.#entry.peerId));
    const found = registryEntrySchema.safeParse(document?.fields);
    const isOthers = found.success && found.data.incarnation !== this.#entry.incarnation;
    if (isOthers && found.data.startedAtMs > this.#entry.startedAtMs) {
      throw new ReplacedError(
        `a daemon that started later has registered as ${this.#entry.peerId}`,
      );
    }
    await this.#write(heartbeatAtMs);
  }

  #write(heartbeatAtMs: number): Promise<void> {
    return this.#store.replace(paths.peer(this.#entry.peerId), { ...this.#entry, heartbeatAtMs });
  }
}
