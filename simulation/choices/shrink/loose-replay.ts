import type { Message } from '../../../core/message.ts';
import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import type { FindingName } from '../../check/finding.ts';
import { isAboutTheEnd } from '../../check/judge.ts';
import { type Choice, withoutTime } from '../choice.ts';
import { beginChosenRun } from '../begin-chosen-run.ts';
import type { ChosenRun } from '../chosen-run.ts';
import type { ChosenSetup } from '../chosen-setup.ts';
import type { Packet } from '../packets-under-way.ts';
import { findingIn } from '../shortest/aim-at-finding.ts';
import { comeToRest } from '../shortest/kind-ending.ts';

/** A step together with what its packet says, so that it is found again where packets are numbered otherwise. */
export interface LooseStep {
  readonly choice: Choice;
  /** Empty for a step that is about no packet. */
  readonly says: string;
}

/** A run with what it was played with. */
export interface LooseSchedule {
  readonly setup: ChosenSetup;
  readonly steps: readonly LooseStep[];
}

/** The steps of a run that can be repeated exactly. */
export function toLooseSchedule(
  entry: OrderingEntry,
  setup: ChosenSetup,
  choices: readonly Choice[],
): LooseSchedule {
  const run = beginChosenRun(entry, setup);
  const steps: LooseStep[] = [];
  for (const choice of choices) {
    if (!run.allows(choice)) continue;
    steps.push(stepOf(run, choice));
    run.take(choice);
  }
  return { setup, steps };
}

/** What came of playing a schedule once more. */
export interface LooseReplay {
  /** The steps that were taken; `null` where they do not break what was asked for. */
  readonly left: LooseSchedule | null;
  /** How many steps it took to find that out. */
  readonly stepsTaken: number;
}

/**
 * Takes those of the steps that are possible, and where `name` is about the end of a run, what brings it to rest
 * then. A packet that is not under way by its name is looked for by its path and by what it says, the oldest first.
 */
export function replayLoosely(
  entry: OrderingEntry,
  { setup, steps }: LooseSchedule,
  name: FindingName,
): LooseReplay {
  const run = beginChosenRun(entry, setup);
  const taken: LooseStep[] = [];
  for (const step of steps) {
    const choice = possibleChoice(run, step);
    if (choice === null) continue;
    taken.push(stepOf(run, choice));
    run.take(choice);
  }
  if (isAboutTheEnd({ name })) comeToRest(run, (choice) => taken.push(stepOf(run, choice)));
  const isBroken = findingIn(entry, run, name) !== null;
  return { left: isBroken ? { setup, steps: taken } : null, stepsTaken: run.taken.length };
}

function possibleChoice(run: ChosenRun, { choice, says }: LooseStep): Choice | null {
  const named = 'packet' in choice ? packetFor(run, choice.packet, says) : null;
  if ('packet' in choice && named === null) return null;
  const meant = named === null ? choice : { ...choice, packet: named };
  if (run.allows(meant)) return meant;
  // A deadline may pass at another time than it did in the recorded schedule.
  const untimed = withoutTime(meant);
  return run.allows(untimed) ? untimed : null;
}

function packetFor(run: ChosenRun, name: string, says: string): string | null {
  const itself = run.packets.get(name);
  if (itself !== undefined && describe(itself) === says) return name;
  for (const packet of run.packets) if (describe(packet) === says) return packet.name;
  return null;
}

function stepOf(run: ChosenRun, choice: Choice): LooseStep {
  const packet = 'packet' in choice ? run.packets.get(choice.packet) : undefined;
  return { choice, says: packet === undefined ? '' : describe(packet) };
}

function describe({ from, to, message }: Packet): string {
  return `${from}>${to} ${describeKind(message)}`;
}

/** The fields that order a message are left out: they differ where less has happened before. */
function describeKind({ kind, sender, sequence }: Message): string {
  return `${kind} ${sender} ${sequence}`;
}
