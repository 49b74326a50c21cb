import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import { beginChosenRun } from '../../../simulation/choices/begin-chosen-run.ts';
import { type Choice, formatChoice, isTimed } from '../../../simulation/choices/choice.ts';
import type { ChosenRun } from '../../../simulation/choices/chosen-run.ts';
import { memberOf } from '../../../simulation/choices/search/search-space.ts';
import { judgeChosenRun } from '../../../simulation/choices/shortest/judge-chosen-run.ts';
import { type Scope, setupOf } from '../../../simulation/exhaustive/scope.ts';

/** What came of one schedule: what everybody delivered, who crashed, and what was broken. */
export function outcomeOf(entry: OrderingEntry, run: ChosenRun): string {
  const members = run.result().members.map(({ sequence, crashed }) => {
    const log = [...sequence.senders].map((from, at) => `${from}.${sequence.sequences[at]}`);
    return `${log.join(' ')}${crashed ? ' crashed' : ''}`;
  });
  const broken = judgeChosenRun(entry, run).findings.map(({ name }) => name);
  return `${members.join('; ')} -> ${broken.join(' ')}`;
}

/**
 * Every schedule of a scope by trying everything at each step, losses and crashes included: the slow way, as a
 * reference that knows nothing of races and fates. Gives outcomes, and schedules by what each member saw.
 */
export function everyOutcome(entry: OrderingEntry, scope: Scope) {
  const outcomes = new Set<string>();
  const schedules = new Set<string>();
  const seen = new Set<string>();
  const visit = (choices: readonly Choice[]): void => {
    const key = keyOf(choices, scope);
    if (seen.has(key)) return;
    seen.add(key);
    const run = beginChosenRun(entry, setupOf(scope));
    for (const choice of choices) run.take(choice);
    const steps = run
      .enabledSteps()
      .filter(({ act, ...at }) => act !== 'fire' || isInTime(scope, run, at as { member: number }));
    if (steps.length === 0) {
      outcomes.add(outcomeOf(entry, run));
      schedules.add(key);
    }
    const lates = steps.flatMap((step) => latesAt(scope, run, step));
    for (const choice of [...steps, ...lates, ...faultsAt(scope, run)]) visit([...choices, choice]);
  };
  visit([]);
  return { outcomes, schedules };
}

/** The same step a second and a minute late, after its deadline where the member has one that is to come. */
function latesAt({ lates = 0 }: Scope, run: ChosenRun, step: Choice): Choice[] {
  const member = memberOf(step);
  const before = run.taken.filter((each) => isTimed(each) && memberOf(each) === member);
  if (step.act === 'close' || before.length >= lates) return [];
  const [nowUs, deadlineUs] = [run.clockOf(member).read(0), run.deadlineOf(member)];
  const dueUs = deadlineUs === Infinity ? nowUs : Math.max(nowUs, Math.ceil(deadlineUs));
  return [1_000_000, 60_000_000].map((lateUs) => ({ ...step, atUs: dueUs + lateUs }) as Choice);
}

function isInTime(scope: Scope, run: ChosenRun, { member }: { member: number }): boolean {
  return run.deadlinesOf[member]! < scope.timers;
}

function faultsAt({ losses, crashes, channels }: Scope, run: ChosenRun): Choice[] {
  const faults: Choice[] = [];
  if (run.network.lost < losses) {
    for (const { name, to } of run.packets) {
      if (run.isRunning(to)) faults.push({ act: 'lose', packet: name });
    }
  }
  const planned = run.taken.filter(({ act }) => act === 'crash').length;
  if (planned >= crashes) return faults;
  for (const member of run.members.keys()) {
    if (!run.isRunning(member)) continue;
    faults.push({ act: 'crash', member });
    if (channels === 'reliable') continue;
    for (let sends = 0; sends < 4; sends += 1) faults.push({ act: 'crash', member, sends });
  }
  return faults;
}

function keyOf(choices: readonly Choice[], { peers }: Scope): string {
  const views: string[][] = Array.from({ length: peers + 1 }, () => []);
  for (const choice of choices) {
    const place = choice.act === 'lose' ? peers : memberOf(choice);
    views[place]!.push(formatChoice(choice));
  }
  views[peers]!.sort();
  return views.map((view) => view.join()).join(';');
}
