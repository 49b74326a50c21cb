import { toError } from '../../../core/base/to-error.ts';
import type { Message } from '../../../core/message.ts';
import type { Create } from '../../../core/ordering.ts';
import { withOwnPayload } from '../../run/check-message.ts';
import type { Member } from '../../run/member.ts';
import type { Multicasts } from '../../run/multicasts.ts';
import { EVERYBODY, NOBODY, type World } from '../../run/world.ts';
import type { Scenario } from '../../scenario.ts';
import type { OrderingFailure } from '../../simulation-result.ts';
import { createMember } from '../create-members.ts';
import { lateAtUs, LATENESSES_US } from '../lateness.ts';
import { STEP_US, StepClock } from '../step-clock.ts';
import type { Arrivals } from './arrivals.ts';
import type { Appearance, Delivery, MemberStep, Sent } from './member-state.ts';

const NOTHING_SENT: readonly Sent[] = [];

/**
 * A member that runs by itself: what it sees is handed to it, and what it sends is looked at. It cannot be told
 * whether what it delivers was multicast before, as nobody knows here what the others did.
 */
export class LiveMember implements World {
  readonly observer = null;
  readonly multicasts: Multicasts;
  readonly member: Member;
  nowUs = 0;
  failure: OrderingFailure | null = null;
  active = EVERYBODY;
  readonly #self: number;
  readonly #clock = new StepClock();
  readonly #arrivals: Arrivals;
  #crashed = false;
  #isOverdue = false;
  #sends: Sent[] = [];
  /** What it sent when it took the same step before, if it did. */
  #sentBefore: readonly Sent[] = NOTHING_SENT;
  /** How many deliveries it had made before the last step. */
  #delivered = 0;

  /** `multicasts` belongs to this member as long as it runs. */
  constructor(
    self: number,
    create: Create,
    scenario: Scenario,
    multicasts: Multicasts,
    arrivals: Arrivals,
  ) {
    this.#self = self;
    this.#arrivals = arrivals;
    this.multicasts = multicasts;
    multicasts.counts.fill(scenario.messages);
    multicasts.counts[self] = 0;
    const onCrash = (): void => this.#crash();
    const { member, broken } = createMember(self, create, scenario, this, onCrash);
    this.member = member;
    this.#act(() => this.member.begin(0));
    if (broken !== null) this.#fail(toError(broken.error));
  }

  clockOf(): StepClock {
    return this.#clock;
  }

  /** Nothing is scheduled: a deadline is a step that can be chosen. */
  schedule(): void {}

  transmit(from: number, to: number, message: Message): void {
    const guess = this.#sentBefore[this.#sends.length]?.arrival;
    this.#sends.push({ to, arrival: this.#arrivals.of(from, message, guess) });
  }

  /**
   * Crashes in the middle of the step, after `sendsMax` packets, unless that is -1. `lateness`: 0 for a step in time, 1 for
   * one that is late by the first of `LATENESSES_US`, and so on. `sentBefore` is what it sent when it took the same step
   * before: it goes faster where it sends that again.
   */
  take(
    step: MemberStep,
    sendsMax: number,
    lateness: number,
    sentBefore: readonly Sent[] = NOTHING_SENT,
  ): void {
    this.#sends = [];
    this.#sentBefore = sentBefore;
    this.#delivered = this.member.record.sequence.length;
    this.nowUs += STEP_US;
    const { deadline } = this.member;
    const nowUs = this.#clock.read();
    if (lateness > 0) this.#clock.jumpTo(lateAtUs(nowUs, deadline, LATENESSES_US[lateness - 1]!));
    this.#isOverdue = step.act !== 'fire' && this.#clock.read() > deadline;
    this.member.sendsLeft = sendsMax;
    this.#act(() => this.#perform(step));
    this.member.sendsLeft = -1;
  }

  look(): Appearance {
    const { running, schedule, deadline, record } = this.member;
    return {
      sends: this.#sends,
      deliveries: deliveriesFrom(record.sequence, this.#delivered),
      running,
      crashed: this.#crashed,
      mayMulticast: !schedule.sentAll,
      multicasts: schedule.next,
      hasDeadline: deadline < Infinity,
      clockUs: this.#clock.read(),
      isOverdue: this.#isOverdue,
    };
  }

  #perform(step: MemberStep): void {
    switch (step.act) {
      case 'multicast':
        return this.member.multicastNext();
      case 'fire':
        this.#clock.jumpTo(this.member.deadline);
        return this.member.fire();
      case 'close':
        return this.member.suspect(step.from);
      case 'deliver':
        // Whoever receives it may write to its bytes.
        return this.member.receive(step.from, withOwnPayload(step.message));
      case 'crash':
        return this.#crash();
    }
  }

  #act(act: () => void): void {
    this.active = this.#self;
    try {
      act();
    } catch (thrown) {
      this.#fail(toError(thrown));
    }
    this.active = NOBODY;
  }

  #fail(error: Error): void {
    this.member.running = false;
    this.failure = { member: this.#self, atUs: this.nowUs, error };
  }

  #crash(): void {
    this.member.running = false;
    this.#crashed = true;
  }
}

function deliveriesFrom(sequence: Member['record']['sequence'], first: number): Delivery[] {
  const deliveries: Delivery[] = [];
  const { length } = sequence;
  // A step mostly delivers nothing, and to look at a sequence is to make views of it.
  if (first === length) return deliveries;
  const { senders, sequences } = sequence;
  for (let index = first; index < length; index += 1) {
    deliveries.push({ sender: senders[index]!, sequence: sequences[index]! });
  }
  return deliveries;
}
