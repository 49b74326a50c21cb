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
 *
 * A write may be under way for as long as the store is away, and then brings a heartbeat that is as old as the
 * outage: for the time until the next one, everybody would look dead. So a heartbeat is dated when its write
 * begins, and the next one is due an interval after that date. After a write that took longer it follows at once.
 */
export class Registration {
  readonly #store: Pick<Store, 'read' | 'replace'>;
  readonly #entry: Omit<RegistryEntry, 'heartbeatAtMs' | 'leftAtMs'>;
  readonly #intervalMs: number;
  readonly #wallMs: () => number;
  readonly #log: Pick<Logger, 'warn'>;
  #timer: NodeJS.Timeout | undefined;
  #beat: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    store: Pick<Store, 'read' | 'replace'>,
    entry: Omit<RegistryEntry, 'heartbeatAtMs' | 'leftAtMs'>,
    intervalMs: number,
    wallMs: () => number,
    log: Pick<Logger, 'warn'>,
  ) {
    this.#store = store;
    this.#entry = entry;
    this.#intervalMs = intervalMs;
    this.#wallMs = wallMs;
    this.#log = log;
  }

  /** Writes the first entry, then renews it; calls `onReplaced` when a later daemon has taken the name. */
  async start(onReplaced: (error: ReplacedError) => void): Promise<void> {
    this.#scheduleNext(await this.#writeHeartbeat(), onReplaced);
  }

  /** Takes this daemon out of the live peers at once, and says when. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#beat;
    try {
      await this.#checkName();
      await this.#write({ heartbeatAtMs: 0, leftAtMs: this.#wallMs() });
    } catch (error) {
      this.#log.warn({ err: error }, 'the registry entry will run out by itself');
    }
  }

  /** Times the next renewal only once the one before is done, so that a slow store is not asked ever more. */
  #scheduleNext(datedAtMs: number, onReplaced: (error: ReplacedError) => void): void {
    if (this.#stopped) return;
    const dueInMs = pauseMs(this.#intervalMs, this.#wallMs() - datedAtMs);
    this.#timer = setTimeout(() => {
      this.#beat = this.#renew(onReplaced).then((dated) => this.#scheduleNext(dated, onReplaced));
    }, dueInMs);
  }

  /** Never rejects; the result is when the heartbeat was dated, or when the one that failed began. */
  async #renew(onReplaced: (error: ReplacedError) => void): Promise<number> {
    const begunAtMs = this.#wallMs();
    try {
      await this.#checkName();
      return await this.#writeHeartbeat();
    } catch (error) {
      if (error instanceof ReplacedError) onReplaced(error);
      else this.#log.warn({ err: error }, 'the heartbeat failed and will be tried again');
      return begunAtMs;
    }
  }

  /** Rejects with a ReplacedError when a later daemon has registered under this name. */
  async #checkName(): Promise<void> {
    const document = await this.#store.read(paths.peer(this.#entry.peerId));
    const found = registryEntrySchema.safeParse(document?.fields);
    const isOthers = found.success && found.data.incarnation !== this.#entry.incarnation;
    if (isOthers && found.data.startedAtMs > this.#entry.startedAtMs) {
      throw new ReplacedError(
        `a daemon that started later has registered as ${this.#entry.peerId}`,
      );
    }
  }

  async #writeHeartbeat(): Promise<number> {
    const heartbeatAtMs = this.#wallMs();
    await this.#write({ heartbeatAtMs });
    return heartbeatAtMs;
  }

  #write(times: Pick<RegistryEntry, 'heartbeatAtMs' | 'leftAtMs'>): Promise<void> {
    return this.#store.replace(paths.peer(this.#entry.peerId), { ...this.#entry, ...times });
  }
}

/** How long to wait until `intervalMs` after a date that is `agoMs` past; a clock that was set back adds nothing. */
function pauseMs(intervalMs: number, agoMs: number): number {
  return Math.min(intervalMs, Math.max(0, intervalMs - agoMs));
}
