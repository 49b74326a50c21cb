import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import type { Finding, FindingName } from '../../check/finding.ts';
import { judge, missingMax } from '../../check/judge.ts';
import type { Choice } from '../choice.ts';
import type { ChosenRun } from '../chosen-run.ts';
import { kindStep } from './kind-step.ts';
import { LastTimers } from './last-timers.ts';
import { scenarioToJudge } from './judge-chosen-run.ts';
import { eventsOf } from './shortest-schedule.ts';

/** The most steps in which a run comes to rest without deadlines; one that takes more is not judged. */
const STEPS_TO_REST_MAX = 5_000;

/**
 * Ends what goes wrong on the network: members that paused go on, paths that were cut are healed, each member
 * multicasts all of its messages, and everything arrives, until nothing is left but deadlines. Whether it came to that.
 * `onStep` is told each step before it is taken.
 */
export function comeToRest(run: ChosenRun, onStep: (choice: Choice) => void): boolean {
  for (let steps = 0; steps < STEPS_TO_REST_MAX; steps += 1) {
    const step = endOfFault(run) ?? kindStep(run);
    if (step === null) return true;
    onStep(step);
    run.take(step);
  }
  return false;
}

/**
 * What a run that is at rest lacks for ever, of this name: a message that somebody never delivers. Deadlines are taken
 * one after the other, the earliest first, and whatever they send arrives, until nothing is left, or they had their time
 * (last-timers.ts). `run` goes on meanwhile. `null`: nothing of the kind is missing then, or what is missing may be
 * missing, because more members are gone than the ordering survives.
 */
export function missingForEver(
  entry: OrderingEntry,
  run: ChosenRun,
  name: FindingName,
): Finding | null {
  let missing = missingNow(entry, run, name);
  let news = newsOf(run);
  const timers = new LastTimers(run);
  while (missing !== null) {
    const arrival = kindStep(run);
    // Whoever delivered something may have delivered the last that was missing; of who crashed, nothing is missing.
    if (arrival === null && newsOf(run) !== news) {
      news = newsOf(run);
      missing = missingNow(entry, run, name);
      continue;
    }
    const next = arrival ?? timers.next();
    if (next === null) return atTheEnd(missing, run, timers.count);
    run.take(next);
  }
  return null;
}

/**
 * A number of choices that a run needs at least before it can be at rest with something missing: each packet that is
 * under way has to arrive or to be lost, and each message to be multicast. As many members may still go as the ordering
 * survives, and then nothing that is about them is needed. `Infinity`: too many are gone.
 */
export function choicesToRest(entry: OrderingEntry, run: ChosenRun): number {
  const { members, scenario, multicasts, packets } = run;
  const mayGo = missingMax(entry, members.length) - members.filter((each) => !each.running).length;
  if (mayGo < 0) return Infinity;
  const neededAt = members.map(({ running }, member) =>
    running ? scenario.messages - multicasts.counts[member]! : 0,
  );
  for (const { from, to } of packets) {
    // A reliable channel whose sender crashed is closed in one step, with all that is under way on it.
    const isAlone = run.channels === 'datagrams' || run.isRunning(from);
    if (run.isRunning(to) && isAlone) neededAt[to]! += 1;
  }
  neededAt.sort((a, b) => b - a);
  const needed = neededAt.slice(mayGo).reduce((sum, each) => sum + each, 0);
  return Math.max(needed, isAtRest(run) ? 0 : 1);
}

function isAtRest(run: ChosenRun): boolean {
  return endOfFault(run) === null && kindStep(run) === null;
}

function endOfFault(run: ChosenRun): Choice | null {
  const all = [...run.members.keys()];
  for (const member of all) {
    const resume: Choice = { act: 'resume', member };
    if (run.allows(resume) && run.isRunning(member)) return resume;
  }
  for (const from of all) {
    for (const to of all) {
      const heal: Choice = { act: 'heal', from, to };
      if (run.allows(heal)) return heal;
    }
  }
  return null;
}

/** A number that grows when what is missing may be another thing than before. */
export function newsOf(run: ChosenRun): number {
  return eventsOf(run) + run.crashes;
}

/** What would be broken if no timer went off any more. */
export function findingsAtRest(entry: OrderingEntry, run: ChosenRun): readonly Finding[] {
  // No other end is known of a run whose steps are chosen than that nothing is left.
  const result = { ...run.result(), reason: 'quiet' } as const;
  return judge(entry, scenarioToJudge(run), result, true).findings;
}

function missingNow(entry: OrderingEntry, run: ChosenRun, name: FindingName): Finding | null {
  return findingsAtRest(entry, run).find((finding) => finding.name === name) ?? null;
}

function atTheEnd(missing: Finding, run: ChosenRun, deadlines: number): Finding {
  if (run.isQuiet) return missing;
  const text = `${missing.text} (timers are left; that ${deadlines} more went off changed nothing)`;
  return { ...missing, text };
}
