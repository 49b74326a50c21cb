import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import { loadOrdering } from '../../../custom/load-ordering.ts';
import { hasLink } from '../../../simulation/choices/chosen-setup.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';

/** Loads a broken ordering, from the examples or the gallery. */
export function loadBroken(name: string): Promise<OrderingEntry> {
  const shown = join(import.meta.dirname, '../../../examples/broken', `${name}.ts`);
  const kept = join(import.meta.dirname, '../../gallery', `${name}.ts`);
  return loadOrdering(existsSync(shown) ? shown : kept, { members: 8 });
}

/** A scope of this size without timers or faults, on plain channels where the ordering has a link. */
export function scopeOfSize(
  entry: OrderingEntry,
  peers: number,
  messages: number,
  more: Partial<Scope> = {},
): Scope {
  const channels = hasLink(entry) ? 'reliable' : 'datagrams';
  return { peers, messages, channels, timers: 0, losses: 0, crashes: 0, ...more };
}
