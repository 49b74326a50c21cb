import type { Message } from '../../core/message.ts';
import type { Create } from '../../core/ordering.ts';
import { Member } from './member.ts';
import { Multicasts } from './multicasts.ts';
import type { Fault, Scenario } from '../scenario.ts';
import type { SimulationOptions } from '../simulation-result.ts';
import { type MemberTime, EventKind, type World } from './world.ts';

/**
 * The process that a supervisor starts in the place of one that crashed: the same member at the same
 * address, but it knows nothing and counts from 0 again (its multicasts, its channels, its clocks). Its
 * deliveries matter to nobody; its messages make it dangerous. Daemons refuse it: a plan names the
 * incarnation of each member, and datagrams of another one are dropped. `admitted` simulates a system
 * that cannot tell the two lives apart.
 */
class SecondLife implements World {
  readonly observer = null;
  /** The multicasts of this life alone: it is no member of the run, and nobody judges what it delivers. */
  readonly multicasts: Multicasts;
  readonly member: Member;
  readonly #self: number;
  readonly #world: World;
  readonly #admitted: boolean;

  constructor(
    self: number,
    create: Create,
    scenario: Scenario,
    options: SimulationOptions,
    world: World,
    admitted: boolean,
  ) {
    this.#self = self;
    this.#world = world;
    this.#admitted = admitted;
    this.multicasts = new Multicasts(scenario);
    const again: Create = (group, out) => create({ ...group, incarnation: 1 }, out);
    const dies = (): void => undefined;
    this.member = new Member(self, again, scenario, { ...options, measure: false }, this, dies);
  }

  get nowUs(): number {
    return this.#world.nowUs;
  }

  get active(): number {
    return this.#world.active;
  }

  clockOf(member: number): MemberTime {
    return this.#world.clockOf(member);
  }

  /** Begins to have timers and multicasts. */
  begin(): void {
    this.#world.observer?.restart?.(this.nowUs, this.#self);
    this.member.begin(this.nowUs);
  }

  transmit(from: number, to: number, message: Message): void {
    if (this.#admitted) this.#world.transmit(from, to, message);
    else this.#world.observer?.drop?.(this.nowUs, from, to, message, 'incarnation');
  }

  /** Schedules under kinds of its own: the first life's events must not wake the second. */
  schedule(atUs: number, kind: number, member: number): void {
    const isTimer = kind === EventKind.timer;
    this.#world.schedule(atUs, isTimer ? EventKind.secondTimer : EventKind.secondMulticast, member);
  }
}

type Crash = Extract<Fault, { kind: 'crash' }>;

/** The second lives of a simulated run; at most one a member. */
export class SecondLives {
  /** How many processes were started again. */
  restarts = 0;
  readonly #create: Create;
  readonly #scenario: Scenario;
  readonly #options: SimulationOptions;
  readonly #world: World;
  /** By member, once it lives again. */
  readonly #members: (Member | undefined)[] = [];

  constructor(create: Create, scenario: Scenario, options: SimulationOptions, world: World) {
    this.#create = create;
    this.#scenario = scenario;
    this.#options = options;
    this.#world = world;
  }

  /** Plans the second life of member `self`, which crashed just now, if it is to come back. */
  plan(self: number): void {
    const crash = this.#crashOf(self);
    if (crash === undefined) return;
    this.#world.schedule(this.#world.nowUs + crash.restartAfterUs!, EventKind.restart, self);
  }

  /** Handles an event of kind `restart`, `secondTimer` or `secondMulticast` for member `self`. */
  happen(kind: number, self: number): void {
    if (kind === EventKind.secondTimer) this.#members[self]?.timer();
    else if (kind === EventKind.secondMulticast) this.#members[self]?.multicastDue();
    else this.#restart(self);
  }

  receive(from: number, to: number, message: Message): void {
    this.#members[to]?.receive(from, message);
  }

  end(self: number): void {
    this.#members[self] = undefined;
  }

  #restart(self: number): void {
    const admitted = this.#crashOf(self)?.admitted ?? false;
    const [create, scenario, options] = [this.#create, this.#scenario, this.#options];
    const life = new SecondLife(self, create, scenario, options, this.#world, admitted);
    this.restarts += 1;
    this.#members[self] = life.member;
    life.begin();
  }

  #crashOf(self: number): Crash | undefined {
    return this.#scenario.faults.find(
      (fault): fault is Crash =>
        fault.kind === 'crash' && fault.member === self && fault.restartAfterUs !== undefined,
    );
  }
}
