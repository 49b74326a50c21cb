import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Scope } from './scope.ts';

/** What a scope was asked for without saying how much of it. */
export type LeftOpen = 'messages' | 'losses' | 'crashes';

/**
 * Enough for an ordering that believes after three repetitions that the other side is gone, and for a buffer of four places;
 * in schedules that are drawn, more cost nothing but their steps.
 */
const LOSSES_WIDER = 6;
const MESSAGES_WIDER = 6;
/** The fewest peers of which a minority is somebody. */
const PEERS_OF_A_MINORITY = 3;

/**
 * Scopes with what an ordering says that it bears, a crash or losses, and with more messages, in which schedules are drawn
 * where `leftOpen` names what was not asked for. By default the search has no fault in it at all: whoever says that a minority
 * may crash would read "no counterexample" of schedules in which nobody does.
 */
export function widerScopes(
  { survives, retransmits }: Pick<OrderingEntry, 'survives' | 'retransmits'>,
  asked: Scope,
  leftOpen: ReadonlySet<LeftOpen>,
): Scope[] {
  const mayCrash = survives === 'minority' && asked.peers >= PEERS_OF_A_MINORITY;
  const mayLose = retransmits && asked.channels === 'datagrams';
  const faults = {
    crashes: leftOpen.has('crashes') && mayCrash ? 1 : asked.crashes,
    losses: leftOpen.has('losses') && mayLose ? LOSSES_WIDER : asked.losses,
  };
  const wider = { ...asked, ...faults };
  const longer = { ...wider, messages: leftOpen.has('messages') ? MESSAGES_WIDER : asked.messages };
  return [wider, ...(longer.messages > wider.messages ? [longer] : [])].filter((scope) =>
    isWiderThan(scope, asked),
  );
}

/** Whether a scope has more messages, or more that may go wrong, than what was asked for; timers and lateness apart. */
export function isWiderThan({ messages, crashes, losses }: Scope, asked: Scope): boolean {
  return messages > asked.messages || crashes > asked.crashes || losses > asked.losses;
}
