import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import type { Logger } from '../../log.ts';
import { unknownOrdering } from '../unknown-ordering.ts';
import type { CallWatcher, Surrender } from './call-watcher.ts';

/** The orderings that a daemon has. The calls of one from a file are watched, since it may loop for ever. */
export class HeldOrderings {
  readonly #orderings: ReadonlyMap<string, OrderingEntry>;
  readonly #surrender: Surrender;
  readonly #log: Logger;
  #watcher: CallWatcher | null = null;

  constructor(orderings: ReadonlyMap<string, OrderingEntry>, surrender: Surrender, log: Logger) {
    this.#orderings = orderings;
    this.#surrender = surrender;
    this.#log = log;
  }

  async entryOf(name: string): Promise<OrderingEntry> {
    const entry = this.#orderings.get(name);
    if (entry === undefined) return unknownOrdering(name);
    if (ORDERINGS.get(name) === entry) return entry;
    // Only now: a daemon without a run of such an ordering loads and starts nothing for it.
    const { CallWatcher } = await import('./call-watcher.ts');
    this.#watcher ??= new CallWatcher(this.#surrender, this.#log);
    return this.#watcher.watched(entry);
  }
}
