import { ORDERINGS, type OrderingEntry } from '../../core/orderings/registry.ts';
import { readOrderingModule } from '../../custom/ordering-module.ts';
import * as anyAcknowledged from '../../examples/broken/any-acknowledged.ts';
import * as dropsEarlyAcknowledgements from '../../examples/broken/drops-early-acknowledgements.ts';
import * as headWithoutAcknowledgements from '../../examples/broken/head-without-acknowledgements.ts';
import * as ownEntryIncremented from '../../examples/broken/own-entry-incremented.ts';
import * as retransmitsWithoutDeduplication from '../../examples/broken/retransmits-without-deduplication.ts';
import * as stampedBeforeSent from '../../examples/broken/stamped-before-sent.ts';
import * as tiesNotBroken from '../../examples/broken/ties-not-broken.ts';

/** What people really get wrong, by the name that links use. */
const BROKEN_MODULES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'any-acknowledged': anyAcknowledged,
  'drops-early-acknowledgements': dropsEarlyAcknowledgements,
  'head-without-acknowledgements': headWithoutAcknowledgements,
  'own-entry-incremented': ownEntryIncremented,
  'retransmits-without-deduplication': retransmitsWithoutDeduplication,
  'stamped-before-sent': stampedBeforeSent,
  'ties-not-broken': tiesNotBroken,
};

/** Every ordering that the board plays: the registered ones, then the broken ones. */
export const BOARD_ORDERINGS: ReadonlyMap<string, OrderingEntry> = new Map([
  ...ORDERINGS,
  ...Object.entries(BROKEN_MODULES).map(([name, module]): [string, OrderingEntry] => [
    name,
    readOrderingModule(module, name),
  ]),
]);

export const BROKEN_ORDERING_NAMES: readonly string[] = Object.keys(BROKEN_MODULES);
