import { EventType, type LoggedEvent } from '../../../core/records/event-log.ts';
import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import type { TimedEvent, Timeline } from '../../../diagram/timeline.ts';
import { beginChosenRun } from '../../../simulation/choices/begin-chosen-run.ts';
import type { Choice } from '../../../simulation/choices/choice.ts';
import type { ChosenRun } from '../../../simulation/choices/chosen-run.ts';
import type { ChosenSetup } from '../../../simulation/choices/chosen-setup.ts';

/** What the board makes of a run of the laboratory. */
export interface RecordedGameOfRun {
  readonly choices: readonly Choice[];
  /** Arrivals that the members on the board have nothing for: their timers went off at other times. */
  readonly left: number;
  /** Whether every member delivered in the order in which it did in the run, as far as the game goes. */
  readonly isSame: boolean;
  /** Whether every member delivered as much as it did in the run. */
  readonly isWhole: boolean;
}

/** Before an arrival is left out, its sender's timer may go off this many times. */
const FIRES_MAX = 3;

/**
 * Plays a recorded run as a game, in which nobody knows the time: each multicast, and each arrival of what the
 * members of the game have sent as well, in the order in which they happened. An ordering that says the same
 * whenever it is asked does the same again; what one says because a timer went off may come at another time.
 */
export function gameOfRecording(
  entry: OrderingEntry,
  setup: ChosenSetup,
  timeline: Timeline,
  choicesMax: number,
): RecordedGameOfRun {
  const run = beginChosenRun(entry, setup);
  let left = 0;
  for (const timed of timeline.events) {
    if (run.taken.length >= choicesMax) break;
    if (!repeatEvent(run, timed)) left += 1;
  }
  return { choices: [...run.taken], left, ...compareOrders(run, timeline) };
}

/** Whether the game could do what was recorded; what the members do by themselves is no step. */
function repeatEvent(run: ChosenRun, { peer, event }: TimedEvent): boolean {
  switch (event.type) {
    case EventType.multicast:
      return takeIfAllowed(run, { act: 'multicast', member: peer });
    case EventType.crash:
      return takeIfAllowed(run, { act: 'crash', member: peer });
    case EventType.arrive:
      return letArrive(run, peer, event);
    default:
      return true;
  }
}

function letArrive(run: ChosenRun, peer: number, event: LoggedEvent): boolean {
  for (let fires = 0; fires <= FIRES_MAX; fires += 1) {
    const packet = [...run.packets].find(
      ({ from, to, message }) => from === event.other && to === peer && isOf(message, event),
    );
    if (packet !== undefined) return takeIfAllowed(run, { act: 'deliver', packet: packet.name });
    if (!takeIfAllowed(run, { act: 'fire', member: event.other })) return false;
  }
  return false;
}

function isOf(
  message: { readonly kind: number; readonly sender: number; readonly sequence: number },
  { kind, sender, sequence }: LoggedEvent,
): boolean {
  return message.kind === kind && message.sender === sender && message.sequence === sequence;
}

function takeIfAllowed(run: ChosenRun, choice: Choice): boolean {
  const isAllowed = run.allows(choice);
  if (isAllowed) run.take(choice);
  return isAllowed;
}

function compareOrders(
  run: ChosenRun,
  { events }: Timeline,
): Pick<RecordedGameOfRun, 'isSame' | 'isWhole'> {
  const members = run.result().members.map(({ sequence }, member) => {
    const recorded = events.filter(
      ({ peer, event }) => peer === member && event.type === EventType.deliver,
    );
    const isSame = Array.from(sequence.senders).every((sender, place) => {
      const event = recorded[place]?.event;
      return event?.sender === sender && event.sequence === sequence.sequences[place];
    });
    return { isSame, isWhole: sequence.length >= recorded.length };
  });
  return {
    isSame: members.every(({ isSame }) => isSame),
    isWhole: members.every(({ isWhole }) => isWhole),
  };
}
