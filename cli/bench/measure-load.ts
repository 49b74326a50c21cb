import { fileURLToPath } from 'node:url';
import { largestOf, medianOf } from '../../charts/statistics.ts';
import {
  intervalUsMaxFor,
  messagesForLoad,
  secondsMaxFor,
  perSecondOf,
  WARM_UP_SHARE,
  type LoadFigures,
} from './loads.ts';
import type { MemberFigures } from './member-figures.ts';
import { MemberProcesses } from './member-processes.ts';
import type { MemberTask } from './member-task.ts';

/** The program of a member. */
export const MEMBER_FILE = fileURLToPath(new URL('bench-member.ts', import.meta.url));
/** More would be arrays of gigabytes at every member. */
const MESSAGES_MAX = 2_000_000;
const PILOT_MESSAGES = 2_000;

/** What all runs of a bench have in common. */
export interface BenchRules {
  readonly members: number;
  readonly payloadBytes: number;
  readonly datagramBytes: number;
  /** That a run is to take, about. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** The members of a bench with one ordering, through all its runs. */
export class BenchGroup {
  readonly #ordering: string;
  readonly #rules: BenchRules;
  readonly #processes: MemberProcesses;
  #runs = 0;
  #hasHadLoad = false;

  constructor(ordering: string, rules: BenchRules) {
    this.#ordering = ordering;
    this.#rules = rules;
    this.#processes = new MemberProcesses(MEMBER_FILE, rules.signal);
  }

  /**
   * How fast the group delivers when every member multicasts as fast as it can: the last of three runs, of which each
   * tells how many messages the next one needs to take its time.
   */
  async measurePeak(): Promise<LoadFigures> {
    const { members, seconds } = this.#rules;
    let figures = await this.#measure(PILOT_MESSAGES, 0);
    for (const share of [0.5, 1]) {
      const perSecond = Math.max(1, figures.goodputPerSecond);
      const messages = messagesForLoad(perSecond, members, share * seconds, MESSAGES_MAX);
      figures = await this.#measure(messages, 0);
    }
    return figures;
  }

  /**
   * What becomes of `perSecond` multicasts a second of all members together, whatever is delivered. Before the first load, a
   * run of half the length counts for nothing: members do what they do in no closed loop, for which V8 throws compiled code
   * away, in all of them at about the same time. With `ring` that made the 99th percentile 35 to 45 ms instead of 10.
   */
  async measureLoad(perSecond: number): Promise<LoadFigures> {
    const { members, seconds } = this.#rules;
    const intervalUsMax = intervalUsMaxFor(perSecond, members);
    const offered = perSecondOf(intervalUsMax, members);
    const runOf = (share: number): Promise<LoadFigures> =>
      this.#measure(
        messagesForLoad(offered, members, share * seconds, MESSAGES_MAX),
        intervalUsMax,
      );
    if (!this.#hasHadLoad) await runOf(0.5);
    this.#hasHadLoad = true;
    return runOf(1);
  }

  /** Ends the members. */
  close(): void {
    this.#processes.end();
  }

  async #measure(messages: number, intervalUsMax: number): Promise<LoadFigures> {
    const { members, payloadBytes, datagramBytes, seconds } = this.#rules;
    const secondsMax = secondsMaxFor(seconds, messages, intervalUsMax);
    const shared = {
      run: this.#runs,
      ordering: this.#ordering,
      messages,
      payloadBytes,
      intervalUsMax,
      datagramBytes,
      secondsMax,
      warmUpShare: WARM_UP_SHARE,
    };
    this.#runs += 1;
    const tasks = Array.from({ length: members }, (_, self): MemberTask => ({ self, ...shared }));
    const figures = await this.#processes.run(tasks, secondsMax);
    const offered = intervalUsMax === 0 ? null : perSecondOf(intervalUsMax, members);
    return summarise(figures, offered, messages);
  }
}

function summarise(
  members: readonly MemberFigures[],
  offeredPerSecond: number | null,
  messages: number,
): LoadFigures {
  const sum = (of: (member: MemberFigures) => number): number =>
    members.reduce((total, member) => total + of(member), 0);
  const deliveries = sum((member) => member.deliveries);
  return {
    offeredPerSecond,
    goodputPerSecond: medianOf(members.map(({ perSecond }) => perSecond)) ?? 0,
    ownP50Ms: medianOf(members.flatMap(({ ownP50Ms }) => ownP50Ms ?? [])),
    ownP99Ms: largestOf(members.flatMap(({ ownP99Ms }) => ownP99Ms ?? [])),
    cpuUsPerDelivery: sum(({ cpuUs }) => cpuUs) / Math.max(1, deliveries),
    missing: members.length ** 2 * messages - deliveries,
    orders: new Set(members.map(({ orderHash }) => orderHash)).size,
    isShortened: messages === MESSAGES_MAX,
  };
}
