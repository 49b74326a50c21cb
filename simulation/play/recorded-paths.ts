import { type EventLog, EventType, type LoggedEvent } from '../../core/records/event-log.ts';

/** What tells messages of one datagram apart, as far as a log does. */
export interface NamedMessage {
  readonly kind: number;
  readonly sender: number;
  readonly sequence: number;
}

/** What a member's ordering sent to one other member, as its log has it, in the order of sending. */
interface RecordedPath {
  /** The messages that were sent or discarded: message i is the packet `from>to#i` of a game. */
  readonly messages: LoggedEvent[];
  /** By datagram: the numbers of the messages that it carried, since arrivals name only the datagram. */
  readonly carried: Map<number, number[]>;
}

/** The packets of a recorded run by the names that they have in a game. */
export class RecordedPaths {
  readonly #paths = new Map<string, RecordedPath>();

  constructor(logs: readonly EventLog[]) {
    for (const [member, { events }] of logs.entries()) {
      for (const event of events) {
        if (event.type === EventType.send || event.type === EventType.discard) {
          this.#add(`${member}>${event.other}`, event);
        }
      }
    }
  }

  /** The names that the packet of an arrival at `member` may have; none where its sender's log lacks it. */
  namesOf(member: number, arrival: LoggedEvent): string[] {
    const path = `${arrival.other}>${member}`;
    const recorded = this.#paths.get(path);
    const numbers = recorded?.carried.get(arrival.packet) ?? [];
    return numbers
      .filter((number) => looksTheSame(recorded!.messages[number]!, arrival))
      .map((number) => `${path}#${number}`);
  }

  #add(path: string, event: LoggedEvent): void {
    const recorded: RecordedPath = this.#paths.get(path) ?? { messages: [], carried: new Map() };
    this.#paths.set(path, recorded);
    const number = recorded.messages.push(event) - 1;
    if (event.type === EventType.discard) return;
    const carried = recorded.carried.get(event.packet);
    if (carried === undefined) recorded.carried.set(event.packet, [number]);
    else carried.push(number);
  }
}

export function looksTheSame(one: NamedMessage, other: NamedMessage): boolean {
  return one.kind === other.kind && one.sender === other.sender && one.sequence === other.sequence;
}
