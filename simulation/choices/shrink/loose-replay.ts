import type { Message } from '../../../core/message.ts';
import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import type { FindingName } from '../../check/finding.ts';
import { isAboutTheEnd } from '../../check/judge.ts';
import { type Choice, withoutTime } from '../choice.ts';
import { beginChosenRun } from '../begin-chosen-run.ts';
import type { ChosenRun } from '../chosen-run.ts';
import type { ChosenSetup } from '../chosen-setup.ts';
import { judgeChosenRun } from '../shortest/judge-chosen-run.ts';
import type { Packet } from '../packets-under-way.ts';

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

/**
 * Takes those of the steps that are possible, and returns what was taken; `null` where that does not break
 * `name`. A packet that is not under way by its name is looked for by its path and by what it says, the
 * oldest first.
 */
export function replayLoosely(
  entry: OrderingEntry,
  { setup, steps }: LooseSchedule,
  name: FindingName,
): LooseSchedule | null {
  const run = beginChosenRun(entry, setup);
  const taken: LooseStep[] = [];
  for (const step of steps) {
    const choice = possibleChoice(run, step);
    if (choice === null) continue;
    taken.push(stepOf(run, choice));
    run.take(choice);
  }
  return breaks(entry, run, name) ? { setup, steps: taken } : null;
}

/** Cuts a schedule that breaks `name` behind the step that does it; what is broken then stays broken. */
export function upToTheBreak(
  entry: OrderingEntry,
  schedule: LooseSchedule,
  name: FindingName,
): LooseSchedule {
  let [held, isBroken] = [0, schedule.steps.length];
  while (isBroken - held > 1) {
    const middle = Math.floor((held + isBroken) / 2);
    const beginning = { ...schedule, steps: schedule.steps.slice(0, middle) };
    if (replayLoosely(entry, beginning, name) === null) held = middle;
    else isBroken = middle;
  }
  return { ...schedule, steps: schedule.steps.slice(0, isBroken) };
}

/** Whether a run, as far as it went, breaks `name`: a guarantee of safety, or what is asked of every ordering. */
export function breaks(entry: OrderingEntry, run: ChosenRun, name: FindingName): boolean {
  if (isAboutTheEnd({ name })) return false;
  const { findings } = judgeChosenRun(entry, run);
  return findings.some((finding) => finding.name === name);
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
