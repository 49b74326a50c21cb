import { toError } from '../../core/base/to-error.ts';
import type { Message } from '../../core/message.ts';
import type { Create, Group, Ordering, Out } from '../../core/ordering.ts';
import { validateScenario } from './validate-scenario.ts';
import { EventLimits } from './event-limits.ts';
import { EventQueue } from './event-queue.ts';
import { collectResult } from './collect-result.ts';
import { withOwnPayload } from './check-message.ts';
import { Completion } from './completion.ts';
import { INERT } from './inert-ordering.ts';
import { Member } from './member.ts';
import { MemberClock } from './member-clock.ts';
import { Multicasts } from './multicasts.ts';
import type { Observer } from '../observers/observer.ts';
import { CUT, PacketNetwork } from './packet-network.ts';
import { PausedSocket } from './paused-socket.ts';
import type { RunSoFar } from './run-so-far.ts';
import type { Fault, Scenario } from '../scenario.ts';
import { SecondLives } from './second-life.ts';
import type {
  EndReason,
  OrderingFailure,
  SimulationOptions,
  SimulationResult,
} from '../simulation-result.ts';
import { type MemberTime, EventKind, EVERYBODY, NOBODY, type World } from './world.ts';

/** One simulated run, as its events happen one after another; `run` may be called once. */
export class Simulation implements World, RunSoFar {
  readonly observer: Observer | null;
  readonly members: Member[] = [];
  readonly network: PacketNetwork;
  readonly multicasts: Multicasts;
  readonly failures: OrderingFailure[] = [];
  /** By fault: how many members crashed, and how many pauses and late starts made a member wait. */
  crashes = 0;
  pauses = 0;
  lateStarts = 0;
  events = 0;
  readonly scenario: Scenario;
  readonly #limits: EventLimits;
  readonly #queue = new EventQueue();
  readonly secondLives: SecondLives;
  readonly #brokenFromBirth = new Map<number, unknown>();
  /** How many events of faults are still to come. */
  faultsToCome = 0;
  /** How many packets would arrive after the end of the scenario. */
  #packetsAfterEnd = 0;
  readonly #completion: Completion;
  active = EVERYBODY;

  constructor(
    create: Create,
    scenario: Scenario,
    observer: Observer | null,
    options: SimulationOptions,
  ) {
    validateScenario(scenario);
    this.scenario = scenario;
    this.observer = observer;
    this.secondLives = new SecondLives(create, scenario, options, this);
    this.#limits = new EventLimits(options);
    this.#completion = new Completion(options.settleUs);
    this.network = new PacketNetwork(scenario);
    this.multicasts = new Multicasts(scenario);
    // Faults come before everything else that happens at the same time.
    scenario.faults.forEach((fault, index) => this.#scheduleFault(fault, index));
    for (let self = 0; self < scenario.peers; self += 1) {
      const guarded: Create = (group, out) => this.#createGuarded(self, create, group, out);
      const onCrash = (): void => this.#crash(self);
      this.members.push(new Member(self, guarded, scenario, options, this, onCrash));
    }
  }

  get nowUs(): number {
    return this.#queue.at;
  }

  run(): SimulationResult {
    for (let self = 0; self < this.members.length; self += 1) this.#begin(self);
    for (;;) {
      // The guard is around the loop, not in it: an ordering that throws is rare, events are not.
      try {
        return collectResult(this, this.#happen());
      } catch (error) {
        if (this.active < 0) throw error;
        this.#fail(toError(error));
      }
    }
  }

  clockOf(member: number): MemberTime {
    return new MemberClock(member, this.scenario.faults);
  }

  transmit(from: number, to: number, message: Message): void {
    const { nowUs, network, observer } = this;
    const delayUs = network.next(nowUs, from, to);
    if (observer !== null) {
      observer.send?.(nowUs, from, to, message, delayUs < 0 ? Infinity : nowUs + delayUs);
    }
    if (delayUs < 0) {
      this.#lose(from, to, message, delayUs === CUT ? 'partition' : 'loss');
      return;
    }
    this.#carry(nowUs + delayUs, from, to, message);
    if (network.repeatAfterUs >= 0) {
      this.#repeat(nowUs + delayUs + network.repeatAfterUs, from, to, message);
    }
  }

  schedule(atUs: number, kind: number, member: number): void {
    if (atUs <= this.scenario.endUs) this.#queue.push(atUs, kind, member, 0, null);
  }

  #carry(atUs: number, from: number, to: number, message: Message): void {
    if (atUs <= this.scenario.endUs) this.#queue.push(atUs, EventKind.arrival, from, to, message);
    else this.#packetsAfterEnd += 1;
  }

  #lose(from: number, to: number, message: Message, reason: 'partition' | 'loss'): void {
    this.members[from]!.record.packetsLost += 1;
    if (this.observer !== null) this.observer.drop?.(this.nowUs, from, to, message, reason);
  }

  #repeat(atUs: number, from: number, to: number, message: Message): void {
    if (this.observer !== null) this.observer.repeat?.(this.nowUs, from, to, message, atUs);
    this.#carry(atUs, from, to, withOwnPayload(message));
  }

  #scheduleFault(fault: Fault, index: number): void {
    if (fault.kind === 'lateStart' || fault.kind === 'clockSkew') return;
    this.#scheduleFaultEvent(fault.atUs, EventKind.faultBegins, index);
    if ('untilUs' in fault) this.#scheduleFaultEvent(fault.untilUs, EventKind.faultEnds, index);
  }

  #scheduleFaultEvent(atUs: number, kind: number, index: number): void {
    if (atUs > this.scenario.endUs) return;
    this.schedule(atUs, kind, index);
    this.faultsToCome += 1;
  }

  /** An ordering that throws when it is made fails at time 0. */
  #createGuarded(self: number, create: Create, group: Group, out: Out): Ordering {
    try {
      return create(group, out);
    } catch (error) {
      this.#brokenFromBirth.set(self, error);
      return INERT;
    }
  }

  #begin(self: number): void {
    const late = this.scenario.faults.find(
      (fault) => fault.kind === 'lateStart' && fault.member === self,
    );
    const fromUs = late?.kind === 'lateStart' ? late.atUs : 0;
    if (fromUs > 0) this.lateStarts += 1;
    this.active = self;
    try {
      if (this.#brokenFromBirth.has(self)) throw this.#brokenFromBirth.get(self);
      this.members[self]!.begin(fromUs);
    } catch (error) {
      this.#fail(toError(error));
    }
    this.active = NOBODY;
  }

  /** Lets one event after another happen, until the run is over. */
  #happen(): EndReason {
    const queue = this.#queue;
    const completion = this.#completion;
    while (queue.pop()) {
      if (queue.at >= completion.checkAtUs && completion.reached(this)) return 'complete';
      const end = this.#limits.endOf(this);
      if (end !== null) return end;
      this.events += 1;
      if (queue.kind === EventKind.arrival) this.#arrive(queue.first, queue.second, queue.message!);
      else if (queue.kind === EventKind.timer) this.#timer(queue.first);
      else if (queue.kind === EventKind.multicast) this.#multicast(queue.first);
      else if (queue.kind >= EventKind.restart) this.#liveAgain(queue.kind, queue.first);
      else this.#fault(this.scenario.faults[queue.first]!, queue.kind === EventKind.faultBegins);
      this.active = NOBODY;
    }
    return this.#waitsForAfterEnd() ? 'end' : 'quiet';
  }

  #arrive(from: number, to: number, message: Message): void {
    const member = this.members[to]!;
    if (!member.running) {
      this.#arriveAfterCrash(from, to, message);
    } else if (member.socket !== null) {
      if (member.socket.add(from, message)) return;
      member.record.overflows += 1;
      if (this.observer !== null) this.observer.drop?.(this.nowUs, from, to, message, 'overflow');
    } else {
      this.active = to;
      member.receive(from, message);
    }
  }

  #arriveAfterCrash(from: number, to: number, message: Message): void {
    if (this.observer !== null) this.observer.drop?.(this.nowUs, from, to, message, 'crashed');
    this.active = to;
    this.secondLives.receive(from, to, message);
  }

  #liveAgain(kind: number, self: number): void {
    this.active = self;
    this.secondLives.happen(kind, self);
  }

  #timer(self: number): void {
    const member = this.members[self]!;
    if (!member.running) return;
    this.active = self;
    member.timer();
  }

  #multicast(self: number): void {
    const member = this.members[self]!;
    if (!member.running) return;
    this.active = self;
    member.multicastDue();
  }

  #fault(fault: Fault, begins: boolean): void {
    this.faultsToCome -= 1;
    switch (fault.kind) {
      case 'crash':
        if (fault.afterSends === undefined) this.#crash(fault.member);
        else this.members[fault.member]!.sendsLeft = fault.afterSends;
        return;
      case 'pause':
        if (begins) this.#pause(fault.member);
        else this.#resume(fault.member);
        return;
      case 'partition':
      case 'clog':
        if (begins) this.network.begin(fault);
        else this.network.end(fault);
        this.observer?.pathFault?.(this.nowUs, fault, begins);
        return;
      default:
    }
  }

  #crash(self: number): void {
    const member = this.members[self]!;
    if (!member.running) return;
    member.running = false;
    this.crashes += 1;
    this.observer?.crash?.(this.nowUs, self);
    this.secondLives.plan(self);
  }

  #pause(self: number): void {
    const member = this.members[self]!;
    if (!member.running) return;
    if (member.socket !== null) {
      member.socket.pauses += 1;
      return;
    }
    member.socket = new PausedSocket();
    this.observer?.pause?.(this.nowUs, self);
  }

  #resume(self: number): void {
    const member = this.members[self]!;
    const { socket, running } = member;
    if (socket === null) return;
    socket.pauses -= 1;
    if (socket.pauses > 0) return;
    if (socket.hadEffect) this.pauses += 1;
    if (!running) return;
    this.observer?.resume?.(this.nowUs, self);
    this.active = self;
    member.resume(socket);
  }

  #fail(error: Error): void {
    const [member, atUs] = [this.active, this.nowUs];
    this.active = NOBODY;
    if (!this.members[member]!.running) {
      // An error of a second life is no failure of the run's member, which crashed.
      this.secondLives.end(member);
      return;
    }
    this.members[member]!.running = false;
    this.failures.push({ member, atUs, error });
    this.observer?.fail?.(atUs, member, error);
  }

  #waitsForAfterEnd(): boolean {
    const isWaiting = ({ running, deadline, schedule }: Member): boolean =>
      running && (deadline < Infinity || schedule.nextAt < Infinity);
    return this.#packetsAfterEnd > 0 || this.members.some(isWaiting);
  }
}
