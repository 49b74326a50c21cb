import type { Blockage } from '../../core/ordering.ts';
import { Kind, type Message } from '../../core/message.ts';
import { nameOfKind, type OrderingEntry } from '../../core/orderings/registry.ts';
import type { Fault, Scenario } from '../scenario.ts';
import { type DropReason, type Observer, simulate, type SimulationResult } from '../simulate.ts';
import { stepAt } from '../choices/step-clock.ts';
import { describeBlockage } from '../play/describe-blockage.ts';
import type { Finding, FindingName } from './finding.ts';
import { CHECK_OPTIONS } from './check-scenario.ts';
import { describeScenario } from './describe-scenario.ts';

/** Up to this many members a diagram has a column for each; beyond, it has one column with their names. */
const COLUMNS_MAX = 5;
const COLUMN_CHARACTERS = 26;
const LINES_MAX = 120;
const LINES_KEPT_MAX = 10_000;
/** A message that comes this many times from the same member is a heartbeat, or a token that goes round. */
const ROUTINE_MIN = 5;
const LOSSES_TOLD_MAX = 2;
const ORDER_MAX = 40;
/** What breaks these is that somebody lacks a message: the story is then also what that message waits for. */
const MISSING: ReadonlySet<FindingName> = new Set([
  'validity',
  'agreement',
  'uniformAgreement',
  'liveness',
]);

/** How the story tells when something happened: in virtual time, or in which step, counted from 1. */
export type StoryTime = 'ms' | 'step';

interface MessageName {
  readonly sender: number;
  readonly sequence: number;
}

/** One thing that happened at one member. */
interface Line {
  readonly atUs: number;
  /** The member to which it happens; -1 for the network. */
  readonly member: number;
  readonly text: string;
  /** What arrived or was lost, where that may come again and again; '' for what happens once. */
  readonly what: string;
}

/**
 * Runs `scenario` once more and tells what happened as a space-time diagram in text: time downwards,
 * a column a member. Only faults, and what concerns the messages that `finding` speaks of; all
 * messages where it speaks of none.
 */
export function tellStory(entry: OrderingEntry, scenario: Scenario, finding: Finding): string {
  const told = tellRun(entry, finding, (observer) => {
    return simulate(entry.create, scenario, observer, CHECK_OPTIONS);
  });
  return [...describeScenario(scenario), '', told].join('\n');
}

/** The same for a run of any kind, without the scenario: `run` makes it happen before the observer's eyes. */
export function tellRun(
  entry: OrderingEntry,
  finding: Finding,
  run: (observer: Observer) => SimulationResult,
  time: StoryTime = 'ms',
): string {
  let observer = new StoryObserver(finding.observations, entry, lastDeliveriesOf(finding));
  const result = run(observer);
  const blocking = MISSING.has(finding.name) ? blockagesIn(result) : [];
  if (blocking.length > 0) {
    observer = new StoryObserver([...finding.observations, ...blocking], entry);
    run(observer);
  }
  const lines = observer.told();
  const left = lines.length - LINES_MAX;
  return [
    ...drawDiagram(lines.slice(0, LINES_MAX), result.members.length, time),
    ...(left > 0 ? [`  ... and ${left} more`] : []),
    '',
    'Delivered, in order',
    ...result.members.map((member, peer) => describeOrder(member, peer, finding)),
    ...(blocking.length === 0 ? [] : ['What peers wait for', ...describeWaits(result)]),
  ].join('\n');
}

/**
 * The deliveries with which everything is broken, as `peer position`: the story ends there. None where something is missing,
 * which no delivery ends.
 */
function lastDeliveriesOf({ observations }: Finding): string[] {
  if (observations.some(({ position }) => position === null)) return [];
  return observations.map(({ peer, position }) => `${peer} ${position}`);
}

/** The message that comes next in the order of each member that waits. */
function blockagesIn({ members }: SimulationResult): Blockage[] {
  return members.flatMap(({ blockage }) => (blockage === null ? [] : [blockage]));
}

function describeWaits({ members }: SimulationResult): string[] {
  return members.flatMap(({ blockage }, peer) =>
    blockage === null ? [] : [`  peer ${peer}: ${describeBlockage(blockage)}`],
  );
}

class StoryObserver implements Observer {
  readonly #lines: Line[] = [];
  readonly #concerned: ReadonlySet<string>;
  /** Deliveries with which everything is broken, and that did not happen yet. */
  readonly #awaited: Set<string>;
  /** How many lines there are up to the last of these; all lines where there is none. */
  #end = Infinity;
  readonly #positions: number[] = [];
  readonly #times = new Map<string, number>();
  /** The last loss that is told of each message on each path, by which it is counted. */
  readonly #lastTold = new Map<Line, string>();
  readonly #words: (message: Message) => string | null;

  constructor(
    concerned: readonly MessageName[],
    { describe }: OrderingEntry,
    lastDeliveries: readonly string[] = [],
  ) {
    this.#awaited = new Set(lastDeliveries);
    this.#words = describe ?? (() => null);
    this.#concerned = new Set(concerned.map(({ sender, sequence }) => `${sender} ${sequence}`));
  }

  /**
   * The lines, except those that came too often to mean anything, such as heartbeats. Losses of one packet after another
   * are told twice; the second says how many more there were.
   */
  told(): Line[] {
    const told = this.#lines
      .slice(0, this.#end)
      .filter(({ what }) => (this.#times.get(what) ?? 0) < ROUTINE_MIN);
    for (const [line, key] of this.#lastTold) {
      const more = this.#times.get(key)! - LOSSES_TOLD_MAX;
      const at = told.indexOf(line);
      if (more > 0 && at >= 0) told[at] = { ...line, text: `${line.text}, and ${more} more` };
    }
    return told;
  }

  multicast(atUs: number, member: number, message: Message): void {
    if (this.#concerns(message)) this.#add(atUs, member, `multicasts ${nameOf(message)}`);
  }

  /**
   * A message of a reliable channel is told when the ordering gets it, which may be long after it
   * arrived.
   */
  arrive(atUs: number, from: number, to: number, message: Message): void {
    if (message.link === 0) this.hand(atUs, from, to, message);
  }

  hand(atUs: number, from: number, to: number, message: Message): void {
    if (!this.#concerns(message) || message.kind === Kind.linkAck) return;
    const text = `from ${from}: ${describeMessage(message, this.#words(message))}`;
    if (message.kind === Kind.data) this.#add(atUs, to, text);
    else this.#addRepeatable(atUs, to, text, `${to} ${text}`, 1);
  }

  drop(atUs: number, from: number, to: number, message: Message, reason: DropReason): void {
    // Packets to a dead member, or by one that came back, are sent again and again: they are no part of
    // the story.
    const isRoutine = reason === 'crashed' || reason === 'incarnation';
    if (isRoutine || message.kind !== Kind.data || !this.#concerns(message)) return;
    const text = `${nameOf(message)} to ${to} lost (${reason})`;
    this.#addRepeatable(atUs, from, text, '', LOSSES_TOLD_MAX);
  }

  deliver(atUs: number, member: number, message: Message): void {
    const position = this.#positions[member] ?? 0;
    this.#positions[member] = position + 1;
    if (!this.#concerns(message)) return;
    this.#add(atUs, member, `DELIVERS ${nameOf(message)} at ${position}`);
    const isLast = this.#awaited.delete(`${member} ${position}`) && this.#awaited.size === 0;
    if (isLast) this.#end = this.#lines.length;
  }

  crash(atUs: number, member: number): void {
    this.#add(atUs, member, 'CRASHES');
  }

  restart(atUs: number, member: number): void {
    this.#add(atUs, member, 'is started again, and knows nothing');
  }

  pause(atUs: number, member: number): void {
    this.#add(atUs, member, 'is paused');
  }

  resume(atUs: number, member: number): void {
    this.#add(atUs, member, 'goes on');
  }

  pathFault(atUs: number, fault: Fault, begins: boolean): void {
    this.#add(atUs, -1, describePathFault(fault, begins));
  }

  fail(atUs: number, member: number, error: Error): void {
    // The finding has the whole text; the story has its first line.
    this.#add(atUs, member, `THROWS ${String(error).split('\n', 1)[0]}`);
  }

  /** A program's own messages name no multicast in a way that is known here: any of them may matter. */
  #concerns({ kind, sender, sequence }: Message): boolean {
    if (kind === Kind.exec) return true;
    return this.#concerned.size === 0 || this.#concerned.has(`${sender} ${sequence}`);
  }

  /** Tells only the first `toldMax` of the same; `what` counts those that are routine if many come. */
  #addRepeatable(atUs: number, member: number, text: string, what: string, toldMax: number): void {
    const key = what === '' ? `${member} ${text}` : what;
    const times = (this.#times.get(key) ?? 0) + 1;
    this.#times.set(key, times);
    if (times > toldMax) return;
    this.#add(atUs, member, text, what);
    if (what === '' && times === toldMax) this.#lastTold.set(this.#lines.at(-1)!, key);
  }

  #add(atUs: number, member: number, text: string, what = ''): void {
    if (this.#lines.length < LINES_KEPT_MAX) this.#lines.push({ atUs, member, text, what });
  }
}

function nameOf({ sender, sequence }: Message): string {
  return `(${sender}, ${sequence})`;
}

/**
 * `(0, 3) t5` for data, for others the kind as well; then what orders it. What a program wrote stands for all of
 * that where it is its own message, and behind the name where it carries a multicast.
 */
function describeMessage(message: Message, words: string | null): string {
  const { kind, timestamp, epoch, position, vector } = message;
  if (kind === Kind.exec && words !== null) return words;
  const fields = [
    ...(timestamp > 0 ? [`t${timestamp}`] : []),
    ...(epoch > 0 ? [`e${epoch}`] : []),
    ...(position > 0 ? [`#${position}`] : []),
    ...(vector.length > 0 ? [`[${vector.join(' ')}]`] : []),
    ...(words !== null ? [words] : []),
  ];
  const what = kind === Kind.data ? [] : [nameOfKind(kind)];
  return [...what, nameOf(message), ...fields].join(' ');
}

function describePathFault(fault: Fault, begins: boolean): string {
  const verb = begins ? 'begins' : 'is over';
  if (fault.kind === 'partition') {
    const arrow = fault.symmetric ? '|' : '>';
    return `-- partition ${fault.from.join(',')} ${arrow} ${fault.to.join(',')} ${verb} --`;
  }
  if (fault.kind === 'clog') return `-- clogged path ${fault.from} > ${fault.to} ${verb} --`;
  return `-- ${fault.kind} ${verb} --`;
}

function drawDiagram(lines: readonly Line[], peers: number, time: StoryTime): string[] {
  const isWide = peers <= COLUMNS_MAX;
  const names = Array.from({ length: peers }, (_, peer) => `peer ${peer}`);
  const header = isWide ? names.map((name) => name.padEnd(COLUMN_CHARACTERS)).join('') : 'what';
  return [
    `${time.padStart(10)}  ${header}`.trimEnd(),
    ...lines.map((line) => drawLine(line, isWide, time)),
  ];
}

function drawLine({ atUs, member, text }: Line, isWide: boolean, time: StoryTime): string {
  const shown = time === 'step' ? String(stepAt(atUs)) : (atUs / 1_000).toFixed(3);
  const when = shown.padStart(10);
  if (member < 0) return `${when}  ${text}`;
  return isWide
    ? `${when}  ${' '.repeat(member * COLUMN_CHARACTERS)}${text}`
    : `${when}  peer ${member} ${text}`;
}

function describeOrder(
  { sequence, crashed }: SimulationResult['members'][number],
  peer: number,
  { observations }: Finding,
): string {
  const concerned = observations.flatMap((seen) =>
    seen.peer === peer && seen.position !== null ? [seen.position] : [],
  );
  const first = Math.max(0, Math.min(sequence.length, ...concerned) - ORDER_MAX / 4);
  const shown: string[] = first > 0 ? ['...'] : [];
  const end = Math.min(sequence.length, first + ORDER_MAX);
  for (let i = first; i < end; i += 1) {
    const message = `(${sequence.senders[i]}, ${sequence.sequences[i]})`;
    shown.push(concerned.includes(i) ? `*${message}*` : message);
  }
  if (end < sequence.length) shown.push(`... ${sequence.length - end} more`);
  const list = shown.length === 0 ? 'nothing' : shown.join(' ');
  return `  peer ${peer}${crashed ? ' (crashed)' : ''}: ${list}`;
}
