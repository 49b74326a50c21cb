import { detecting } from '../../core/channels/failure-detector.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import type { Message } from '../../core/message.ts';
import type { Blockage, Create, Group, Out } from '../../core/ordering.ts';
import { skeenInViews } from '../../core/orderings/skeen.ts';
import { viewed } from '../../core/views/membership.ts';
import type { TotalOrderLog } from '../../core/views/total-order-log.ts';
import type { View, Viewed } from '../../core/views/view.ts';

/** The project's own skeen, or skeen-uniform, with whatever a broken one does in another way. */
export class SkeenBase implements Viewed {
  readonly deadline = Infinity;
  protected readonly inner: Viewed;
  protected readonly out: Out;
  protected readonly log: TotalOrderLog;

  constructor(inner: Viewed, out: Out, log: TotalOrderLog) {
    this.inner = inner;
    this.out = out;
    this.log = log;
  }

  get held(): number {
    return this.inner.held;
  }

  blockage(): Blockage | null {
    return this.inner.blockage!();
  }

  multicast(now: number, message: Message): void {
    this.inner.multicast(now, message);
  }

  receive(now: number, from: number, message: Message): void {
    this.inner.receive(now, from, message);
  }

  advance(): void {
    // Nothing is ever scheduled.
  }

  freeze(now: number): Message[] {
    return this.inner.freeze(now);
  }

  install(now: number, view: View, known: readonly Message[]): void {
    this.inner.install(now, view, known);
  }
}

/** Makes an ordering of what `wrap` makes of skeen (or skeen-uniform) in one view. */
export function skeenWith(
  isUniform: boolean,
  wrap: (inner: Viewed, out: Out, log: TotalOrderLog) => Viewed,
): Create {
  const createInner = skeenInViews(isUniform);
  const create = (group: Group, out: Out, view: View, log: TotalOrderLog): Viewed =>
    wrap(createInner(group, out, view, log), out, log);
  return detecting(reliable(viewed(create)));
}

/**
 * Where a message that the members of a new view know is to stand, the smallest number first. What is undecided carries
 * its sender's own proposal as `timestamp`, what is decided the decision. `placeBefore` is the place of its sender's
 * message before it, and -Infinity for the first.
 */
export type PlaceOf = (message: Message, isDecided: boolean, placeBefore: number) => number;

/** The same but for the order in which a new view delivers what its members know. */
export class SkeenWithPlaces extends SkeenBase {
  readonly #placeOf: PlaceOf;

  constructor(inner: Viewed, out: Out, log: TotalOrderLog, placeOf: PlaceOf) {
    super(inner, out, log);
    this.#placeOf = placeOf;
  }

  override install(now: number, view: View, known: readonly Message[]): void {
    for (const message of inPlaces(known, this.#placeOf)) {
      if (message.sequence === this.log.countOf(message.sender)) this.out.deliver(message);
    }
    this.inner.install(now, view, []);
  }
}

function inPlaces(known: readonly Message[], placeOf: PlaceOf): Message[] {
  const places = new Map<Message, number>();
  let before: Message | null = null;
  for (const message of known.toSorted(compareOfSender)) {
    const isSameSender = before?.sender === message.sender;
    if (isSameSender && before?.sequence === message.sequence) continue;
    const placeBefore = isSameSender ? places.get(before!)! : -Infinity;
    places.set(message, placeOf(message, message.position > 0, placeBefore));
    before = message;
  }
  return [...places.keys()].sort((one, other) => {
    const [place, otherPlace] = [places.get(one)!, places.get(other)!];
    return place === otherPlace ? compareOfSender(one, other) : place - otherPlace;
  });
}

/** By sender, then in the order of multicast; the entry of a member that knows the decision comes first. */
function compareOfSender(one: Message, other: Message): number {
  return (
    one.sender - other.sender || one.sequence - other.sequence || other.position - one.position
  );
}
