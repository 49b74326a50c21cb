import type { Create } from '../../core/ordering.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Observer } from '../observers/observer.ts';
import { ChosenRun } from './chosen-run.ts';
import { chosenCreate, chosenScenario, type ChosenSetup } from './chosen-setup.ts';
import { type Fates, NO_FATES } from './fates.ts';

/**
 * Begins a run of `entry` in which nothing has happened yet. `onCreate` is told each member before it is made.
 * @throws RangeError for a setup that cannot be run.
 */
export function beginChosenRun(
  entry: OrderingEntry,
  setup: ChosenSetup,
  observer: Observer | null = null,
  fates?: Fates,
  onCreate: (member: number) => void = () => undefined,
): ChosenRun {
  const create = chosenCreate(entry, setup);
  const told: Create = (group, out) => {
    onCreate(group.self);
    return create(group, out);
  };
  const options = { channels: setup.channels ?? 'datagrams', fates: fates ?? NO_FATES } as const;
  return new ChosenRun(told, chosenScenario(setup), observer, options);
}
