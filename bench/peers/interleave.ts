import { formatNumber } from '../../cli/render/table.ts';
import type { RunFigures } from './figures.ts';
import type { System } from './system.ts';

/**
 * The first runs of each system only say how fast it is, and are not counted: one of a few messages, and one of as many
 * as that one says, which are too few, since a short run says more of how a system starts.
 */
const PILOTS = 2;
/** At each member: 3,000 messages of each of four members. */
const PILOT_DELIVERIES = 12_000;
const MESSAGES_MIN = 500;
const MESSAGES_MAX = 4_000_000;
const PILOT_SECONDS_MAX = 30;
/** How many times as long a run may take as it is to take. */
const PATIENCE = 10;

/** What one system did in all rounds. */
export interface MeasuredSystem {
  readonly name: string;
  readonly description: string;
  readonly runs: readonly RunFigures[];
  /** Why it has fewer runs than there were rounds. */
  readonly failure: string | null;
}

/** What all rounds have in common. */
export interface RoundLoad {
  readonly members: number;
  readonly payloadBytes: number;
  /** That a run is to take, about. */
  readonly seconds: number;
}

/**
 * Runs the systems in turns, `rounds` times each; one that fails once is left out from then on, unless it stood still in
 * a run that is not counted.
 */
export async function interleave(
  systems: readonly System[],
  load: RoundLoad,
  rounds: number,
  note: (text: string) => void,
): Promise<MeasuredSystem[]> {
  const turns = systems.map((system) => new Turn(system, load, note));
  for (let round = -PILOTS; round < rounds; round += 1) {
    for (const turn of turns) await turn.run(round >= 0);
  }
  return turns.map((turn) => turn.measured);
}

/** One system through the rounds. */
class Turn {
  readonly #system: System;
  readonly #load: RoundLoad;
  readonly #note: (text: string) => void;
  readonly #runs: RunFigures[] = [];
  #perSecond = 0;
  #failure: string | null = null;

  constructor(system: System, load: RoundLoad, note: (text: string) => void) {
    this.#system = system;
    this.#load = load;
    this.#note = note;
  }

  get measured(): MeasuredSystem {
    const { name, description } = this.#system;
    return { name, description, runs: this.#runs, failure: this.#failure };
  }

  async run(isCounted: boolean): Promise<void> {
    if (this.#failure !== null) return;
    const { members, payloadBytes, seconds } = this.#load;
    const isKnown = this.#perSecond > 0;
    const messages = isKnown
      ? messagesFor(this.#perSecond, members, seconds)
      : Math.ceil(PILOT_DELIVERIES / members);
    const secondsMax = isKnown ? PATIENCE * seconds : PILOT_SECONDS_MAX;
    try {
      const figures = await this.#system.run({ members, messages, payloadBytes, secondsMax });
      // One that stood still says nothing of how fast the system is: the next one is as long as this one.
      if (figures.missing === 0) this.#perSecond = figures.perSecond;
      if (isCounted) this.#runs.push(figures);
      this.#note(`${isCounted ? '' : 'not counted: '}${JSON.stringify(figures)}`);
      if (isCounted && messages === MESSAGES_MAX) this.#note(this.#shortened);
      if (isCounted && figures.perSecond === 0) this.#fail('no member said what it delivered');
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  get #shortened(): string {
    const { seconds } = this.#load;
    const most = formatNumber(MESSAGES_MAX);
    return `${this.#system.name}: shorter than ${seconds} s, since a member multicasts ${most} messages at most`;
  }

  #fail(why: string): void {
    this.#failure = why;
    this.#note(`${this.#system.name} failed: ${why}`);
  }
}

/** How many messages each member multicasts, so that a run at this rate takes about `seconds`. */
export function messagesFor(perSecond: number, members: number, seconds: number): number {
  const wanted = Math.round((perSecond * seconds) / members);
  return Math.min(Math.max(wanted, MESSAGES_MIN), MESSAGES_MAX);
}
