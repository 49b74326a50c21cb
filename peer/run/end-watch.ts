import type { RunPlan } from '../../control/command.ts';
import type { Schedule } from '../../control/multicast-schedule.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { majorityOf } from '../../core/views/view.ts';
import { DatagramType, holdsMessages, type DatagramHeader } from '../../core/wire/datagram.ts';
import type { Conversation } from './conversation.ts';
import {
  asksSilentAt,
  decideAt,
  decideEnding,
  type Ending,
  type Knowledge,
  partingOf,
  SILENCE_US_MIN,
} from './ending.ts';
import type { HostedOrdering } from './hosted-ordering.ts';
import type { Recorder } from './recorder.ts';

/**
 * A member that did nothing for this long, although there is something to do twice a second, was
 * stopped, or its machine had no time for it.
 */
const STALL_US = 1_500_000;
/** A member that is heard again after this silence may have been counted as gone. */
const BACK_US = 500_000;

export interface EndWatchOptions {
  readonly plan: RunPlan;
  readonly self: number;
  readonly entry: OrderingEntry;
  readonly recorder: Recorder;
  /** The clock's readings at which joining is over, and the run. */
  readonly joinByUs: number;
  readonly deadlineUs: number;
}

/**
 * Decides when a run is over for a member: it notes who is heard and what moves, has the silent members
 * asked, and judges by all that (ending.ts) when something changed or enough time has passed.
 */
export class EndWatch {
  readonly #options: EndWatchOptions;
  readonly #schedule: Schedule;
  readonly #ordering: HostedOrdering;
  readonly #conversation: Conversation;
  /** When each member was last heard. */
  readonly #heardAt: number[];
  readonly #silenceUs: number;
  /** How many members may be lost while the ordering keeps what it promises. */
  readonly #lossesMax: number;
  /**
   * Whether a member may have delivered messages that the others, who went on without it, will not
   * deliver.
   */
  readonly #mayBeAstray: boolean;
  #started = false;
  /** Deliveries before this time do not count as movement: the run's start, or the end of a stall. */
  #movedAt: number;
  #lastArrivalAt: number;
  /** When this member last did anything. */
  #activeAt: number;
  /** Whether something happened after which the run may be over. */
  #changed = true;
  #isOffering = false;
  /** How many of the conditions in `#noticeProgress` hold. */
  #stage = 0;
  /** When to look again although nothing happens. */
  lookAt = -Infinity;

  constructor(
    now: number,
    options: EndWatchOptions,
    schedule: Schedule,
    ordering: HostedOrdering,
    conversation: Conversation,
  ) {
    const { plan, entry } = options;
    const size = plan.members.length;
    this.#options = options;
    this.#schedule = schedule;
    this.#ordering = ordering;
    this.#conversation = conversation;
    this.#heardAt = Array.from({ length: size }, () => now);
    this.#silenceUs = Math.max(SILENCE_US_MIN, 3_000 * plan.intervalMs.max);
    this.#lossesMax = entry.survives === 'minority' ? size - majorityOf(size) : 0;
    const hasOneOrder = entry.guarantees.includes('total');
    const isUniform = entry.guarantees.includes('uniformTotal');
    this.#mayBeAstray = this.#lossesMax > 0 && hasOneOrder && !isUniform;
    this.#movedAt = this.#lastArrivalAt = this.#activeAt = now;
  }

  /** Notes that the handshake succeeded. */
  start(now: number): void {
    this.#started = true;
    this.#movedAt = now;
    this.#changed = true;
  }

  /**
   * Notes that this member does something. A member that was stopped heard nobody meanwhile, whoever
   * spoke: its own silence says nothing about the others' and does not count.
   */
  noteActive(now: number): void {
    const isStalled = now >= this.#activeAt + STALL_US;
    this.#activeAt = now;
    if (!isStalled) return;
    this.#heardAt.fill(now);
    this.#lastArrivalAt = this.#movedAt = now;
    this.#changed = true;
  }

  /** Notes an authentic datagram. */
  heard(now: number, header: DatagramHeader): void {
    const { sender, type } = header;
    if (holdsMessages(header)) this.#lastArrivalAt = now;
    // What members say of themselves may be what this one waits for; messages and credit say nothing of that.
    else if (type !== DatagramType.credit) this.#changed = true;
    if (this.#heardAt[sender]! + BACK_US <= now) this.#changed = true;
    this.#heardAt[sender] = now;
  }

  /** How the run has ended, or `null` while it goes on; asks the others and tells them what is due. */
  look(now: number): Ending | null {
    this.#noticeProgress();
    if (!this.#changed && !this.#isOffering && now < this.lookAt) return null;
    const knowledge = this.#knowledge(now);
    const { progress } = this.#conversation;
    const parting = partingOf(knowledge);
    progress.offer(now, parting);
    if (asksSilentAt(knowledge) <= now) this.#conversation.probe(now, this.#heardAt);
    this.#changed = false;
    this.#isOffering = parting !== null;
    this.lookAt = this.#nextLook(knowledge);
    return decideEnding(knowledge);
  }

  /**
   * Notes a change when this member has sent or delivered its last message, or has nothing left to send
   * again.
   */
  #noticeProgress(): void {
    const { sentAll } = this.#schedule;
    const { complete } = this.#options.recorder;
    const idle = complete && this.#ordering.deadline === Infinity;
    const stage = Number(sentAll) + Number(complete) + Number(idle);
    if (stage !== this.#stage) this.#changed = true;
    this.#stage = stage;
  }

  #nextLook(knowledge: Knowledge): number {
    const { started, joinByUs, deadlineUs } = knowledge;
    if (!started) return Math.min(joinByUs, deadlineUs);
    const askAt = Math.max(this.#conversation.progress.probeAt, asksSilentAt(knowledge));
    return Math.min(decideAt(knowledge), askAt, deadlineUs);
  }

  #knowledge(now: number): Knowledge {
    const { joinByUs, deadlineUs, recorder, entry, plan, self } = this.#options;
    const { progress, handshake } = this.#conversation;
    const others = this.#heardAt.map((heardAt, member) => {
      if (member === self) return null;
      const parting = progress.partingOf(now, member);
      return { progress: progress.progressOf(member), parting, heardAt };
    });
    return {
      now,
      others,
      joinByUs,
      deadlineUs,
      started: this.#started,
      unheard: handshake.unheard,
      complete: recorder.complete,
      idle: this.#ordering.deadline === Infinity,
      retransmits: entry.retransmits,
      lossesMax: this.#lossesMax,
      mayBeAstray: this.#mayBeAstray,
      sentAll: this.#schedule.sentAll,
      unburdened: recorder.distinctOwn === plan.messages && this.#ordering.held === 0,
      delivered: recorder.delivered,
      silenceUs: this.#silenceUs,
      lastArrivalAt: this.#lastArrivalAt,
      quietSince: Math.max(recorder.lastDeliveryAt, this.#movedAt),
    };
  }
}
