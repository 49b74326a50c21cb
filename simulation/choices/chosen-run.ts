import { toError } from '../../core/base/to-error.ts';
import type { Message } from '../../core/message.ts';
import type { Create } from '../../core/ordering.ts';
import type { DropReason, Observer } from '../observers/observer.ts';
import { collectResult } from '../run/collect-result.ts';
import type { Member } from '../run/member.ts';
import { Multicasts } from '../run/multicasts.ts';
import { NO_PACKET_FAULTS, type PacketFaults, type RunSoFar } from '../run/run-so-far.ts';
import { validateScenario } from '../run/validate-scenario.ts';
import { EVERYBODY, type MemberTime, NOBODY, type World } from '../run/world.ts';
import type { Scenario } from '../scenario.ts';
import type { OrderingFailure, SimulationResult } from '../simulation-result.ts';
import { type Choice, formatChoice, ImpossibleChoiceError, messagesIn } from './choice.ts';
import type { ChosenChannels, ChosenRunOptions } from './chosen-run-options.ts';
import { enabledSteps } from './enabled-steps.ts';
import { CrashPoints } from './crash-points.ts';
import { NO_FATES } from './fates.ts';
import { type ChosenPath, cutOf, PathStates } from './path-states.ts';
import { createMembers } from './create-members.ts';
import { type Packet, PacketsUnderWay } from './packets-under-way.ts';
import { STEP_US, StepClock } from './step-clock.ts';

/**
 * A simulated run whose next step is chosen from outside. The members, their orderings and records are those
 * of the timed simulator; what is missing is time: nothing happens unless it is taken.
 */
export class ChosenRun implements World, RunSoFar {
  readonly scenario: Scenario;
  readonly observer: Observer | null;
  readonly members: readonly Member[];
  readonly packets: PacketsUnderWay;
  readonly multicasts: Multicasts;
  readonly taken: Choice[] = [];
  readonly failures: OrderingFailure[] = [];
  readonly network: { -readonly [Fault in keyof PacketFaults]: number } = { ...NO_PACKET_FAULTS };
  readonly secondLives = { restarts: 0 };
  readonly lateStarts = 0;
  readonly faultsToCome = 0;
  crashes = 0;
  pauses = 0;
  /** How many steps (multicasts, deadlines, arrivals) each member took, and how many of them were deadlines. */
  readonly stepsOf: Uint32Array;
  readonly deadlinesOf: Uint32Array;
  /** Whether a member took another step when its deadline was past. */
  isOverdue = false;
  active = EVERYBODY;
  readonly #clocks: readonly StepClock[];
  readonly #paused = new Set<number>();
  readonly #paths: PathStates;
  readonly channels: ChosenChannels;
  readonly #losses: ReadonlySet<string>;
  readonly #crashPoints: CrashPoints;

  /** @throws RangeError for a scenario that cannot be run; its delays, losses, faults and times do not matter. */
  constructor(
    create: Create,
    scenario: Scenario,
    observer: Observer | null = null,
    { channels = 'datagrams', fates = NO_FATES }: ChosenRunOptions = {},
  ) {
    validateScenario(scenario);
    this.scenario = scenario;
    this.observer = observer;
    this.channels = channels;
    this.#losses = new Set(fates.losses);
    this.#crashPoints = new CrashPoints(fates.crashes);
    this.#paths = new PathStates(scenario.peers);
    this.packets = new PacketsUnderWay(scenario.peers);
    this.multicasts = new Multicasts(scenario);
    this.stepsOf = new Uint32Array(scenario.peers);
    this.deadlinesOf = new Uint32Array(scenario.peers);
    this.#clocks = Array.from({ length: scenario.peers }, () => new StepClock());
    const { members, broken } = createMembers(create, scenario, this, (self) => this.#crash(self));
    this.members = members;
    for (const [self, member] of this.members.entries()) {
      this.#act(self, () => member.begin(0));
      this.#crashIfDue(self);
    }
    for (const [self, error] of broken) this.#fail(self, toError(error));
  }

  get nowUs(): number {
    return this.taken.length * STEP_US;
  }
  get events(): number {
    return this.taken.length;
  }

  clockOf(member: number): MemberTime {
    return this.#clocks[member]!;
  }

  schedule(): void {} // Nothing is: a deadline is a step that can be chosen.

  transmit(from: number, to: number, message: Message): void {
    const name = this.packets.nextName(from, to);
    const lost = this.#whyLost(from, to, name);
    this.observer?.send?.(this.nowUs, from, to, message, lost === null ? this.nowUs : Infinity);
    if (lost !== null) return this.#drop({ from, to, message }, lost);
    this.packets.put({ name, from, to, message, sentInStep: this.taken.length });
  }

  /** Whether `choice` may be taken now. */
  allows(choice: Choice): boolean {
    switch (choice.act) {
      case 'multicast':
        return this.#canStep(choice.member, messagesIn(choice));
      case 'fire':
        return this.#canStep(choice.member) && this.#isDue(choice.member, choice.atUs);
      case 'crash':
        return this.isRunning(choice.member);
      case 'pause':
        return this.#canStep(choice.member);
      case 'resume':
        return this.#paused.has(choice.member);
      case 'deliver': {
        const packet = this.packets.get(choice.packet);
        return packet !== undefined && this.#mayArrive(packet);
      }
      case 'lose':
      case 'repeat':
        return this.channels === 'datagrams' && this.packets.get(choice.packet) !== undefined;
      case 'close':
        return this.channels === 'reliable' && this.#mayClose(choice);
      case 'cut':
        return this.#paths.exists(choice) && !this.#paths.isCut(choice);
      case 'heal':
        return this.#paths.isCut(choice);
    }
  }

  /** The steps that need no fault. */
  enabledSteps(): Choice[] {
    return enabledSteps(this);
  }

  /** When the ordering of `member` wants to be called, on its own clock; `Infinity`: never. */
  deadlineOf(member: number): number {
    return this.members[member]!.deadline;
  }

  /** Takes one step. @throws ImpossibleChoiceError for a choice that is not allowed now. */
  take(choice: Choice): void {
    if (!this.allows(choice)) {
      throw new ImpossibleChoiceError(formatChoice(choice), this.taken.length);
    }
    this.#perform(choice);
    this.taken.push(choice);
  }

  /** The result of the run as it stands, whether or not something may still happen. */
  result(): SimulationResult {
    return collectResult(this, this.isQuiet ? 'quiet' : 'end');
  }

  /** Whether nothing is left to happen: no multicast, no arrival, no deadline, and nobody paused. */
  get isQuiet(): boolean {
    const isWaiting = [...this.#paused].some((member) => this.isRunning(member));
    return !isWaiting && this.enabledSteps().length === 0;
  }

  #perform(choice: Choice): void {
    switch (choice.act) {
      case 'multicast':
        this.#comeTo(choice.member, choice.atUs);
        return this.#step(choice.member, (member) => member.multicastNext(choice.count));
      case 'fire':
        this.deadlinesOf[choice.member]! += 1;
        this.#clocks[choice.member]!.jumpTo(choice.atUs ?? this.deadlineOf(choice.member));
        return this.#step(choice.member, (member) => member.fire());
      case 'deliver': {
        const { from, to, message } = this.packets.take(choice.packet);
        this.#comeTo(to, choice.atUs);
        return this.#step(to, (member) => member.receive(from, message));
      }
      case 'lose':
        return this.#drop(this.packets.take(choice.packet), 'loss');
      case 'repeat':
        return this.#repeat(this.packets.get(choice.packet)!);
      case 'crash':
        if (choice.sends === undefined) return this.#crash(choice.member);
        this.members[choice.member]!.sendsLeft = choice.sends;
        return;
      case 'close':
        return this.#close(choice);
      case 'pause':
        this.pauses += 1;
        this.#paused.add(choice.member);
        return this.observer?.pause?.(this.nowUs, choice.member);
      case 'resume':
        this.#paused.delete(choice.member);
        return this.observer?.resume?.(this.nowUs, choice.member);
      case 'cut':
      case 'heal':
        return this.#cut(choice.from, choice.to, choice.act === 'cut');
    }
  }

  /** Lets the clock of `member` go on before a step that is not its deadline. */
  #comeTo(member: number, atUs = 0): void {
    const clock = this.#clocks[member]!;
    clock.jumpTo(atUs);
    this.isOverdue ||= clock.read() > this.deadlineOf(member);
  }

  /** Lets `member` do one thing; what its ordering throws is that member's failure and nobody else's. */
  #step(self: number, act: (member: Member) => void): void {
    const member = this.members[self]!;
    const sendsLeft = this.#crashPoints.sendsInStep(self, this.stepsOf[self]!);
    if (sendsLeft >= 0) member.sendsLeft = sendsLeft;
    this.stepsOf[self]! += 1;
    this.packets.beginStep(self);
    this.#act(self, () => act(member));
    if (sendsLeft >= 0) member.sendsLeft = -1;
    this.#crashIfDue(self);
  }

  #crashIfDue(self: number): void {
    if (this.#crashPoints.isDueAfter(self, this.stepsOf[self]!)) this.#crash(self);
  }

  #act(self: number, act: () => void): void {
    this.active = self;
    try {
      act();
    } catch (thrown) {
      this.#fail(self, toError(thrown));
    }
    this.active = NOBODY;
  }

  #fail(self: number, error: Error): void {
    this.members[self]!.running = false;
    this.failures.push({ member: self, atUs: this.nowUs, error });
    this.observer?.fail?.(this.nowUs, self, error);
  }

  #whyLost(from: number, to: number, name: string): DropReason | null {
    if (this.#paths.isCut({ from, to })) return 'partition';
    return this.#losses.has(name) ? 'loss' : null;
  }

  #drop({ from, to, message }: Pick<Packet, 'from' | 'to' | 'message'>, why: DropReason): void {
    this.network[why === 'partition' ? 'cut' : 'lost'] += 1;
    this.members[from]!.record.packetsLost += 1;
    this.observer?.drop?.(this.nowUs, from, to, message, why);
  }

  #repeat(packet: Packet): void {
    const { from, to, message } = this.packets.copy(packet, this.taken.length);
    this.network.repeated += 1;
    this.observer?.repeat?.(this.nowUs, from, to, message, this.nowUs);
  }

  #crash(self: number): void {
    this.members[self]!.running = false;
    this.crashes += 1;
    this.observer?.crash?.(this.nowUs, self);
  }

  #cut(from: number, to: number, begins: boolean): void {
    this.#paths.setCut({ from, to }, begins);
    this.observer?.pathFault?.(this.nowUs, cutOf({ from, to }, this.nowUs), begins);
  }

  /** Whether `member` lives, paused or not. */
  isRunning(member: number): boolean {
    return this.members[member]?.running ?? false;
  }

  #canStep(member: number, messages = 0): boolean {
    if (!this.isRunning(member) || this.#paused.has(member)) return false;
    return this.members[member]!.schedule.left >= messages;
  }

  #mayArrive({ name, from, to }: Packet): boolean {
    if (!this.#canStep(to)) return false;
    return this.channels === 'datagrams' || this.packets.firstOn(from, to)?.name === name;
  }

  #mayClose({ from, to }: ChosenPath): boolean {
    if (!this.#paths.exists({ from, to }) || this.#paths.isClosed({ from, to })) return false;
    return !this.isRunning(from) && this.#canStep(to);
  }

  /** Loses what is under way on the path, and tells its receiver that the sender seems to have crashed. */
  #close(path: ChosenPath): void {
    this.#paths.close(path);
    this.#comeTo(path.to);
    for (const { from, to, message } of this.packets.takeAllOn(path)) {
      this.observer?.drop?.(this.nowUs, from, to, message, 'crashed');
    }
    this.#step(path.to, (member) => member.suspect(path.from));
  }

  /** Whether there is a deadline, and it has come at `atUs` of the member's clock. */
  #isDue(member: number, atUs = Infinity): boolean {
    return this.deadlineOf(member) < Infinity && this.deadlineOf(member) <= atUs;
  }
}
