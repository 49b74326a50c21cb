import { type Act, type Choice, isTimed } from '../choice.ts';
import type { ChosenRun } from '../chosen-run.ts';
import { lateAtUs } from '../lateness.ts';
import { memberOf } from '../search/search-space.ts';

/** Which choices a search may take, and how often. */
export interface ChoiceBounds {
  /** How often each act may come in one schedule; an act that is not here may not come at all. */
  readonly mostOf: ReadonlyMap<Act, number>;
  /** How many of its deadlines each member may see pass. */
  readonly deadlinesEach: number;
  readonly late: LateBounds;
}

/** When members may be late (lateness.ts), besides taking each step in time. */
export interface LateBounds {
  /** With what; of multicasts, arrivals and deadlines. */
  readonly acts: readonly Act[];
  /** By how much, in microseconds of the member's clock. */
  readonly byUs: readonly number[];
  /** How often each member. */
  readonly each: number;
}

const NEVER: LateBounds = { acts: [], byUs: [], each: 0 };

/** A member crashes in the middle of a step after at most this number of packets to each of the others. */
const ROUNDS_PER_STEP = 2;
const EVERYWHERE: readonly Act[] = ['pause', 'resume', 'cut', 'heal'];

/** Bounds under which acts that are no faults come as often as they are possible, and each fault as often as it says. */
export function boundsOf(
  faults: Iterable<readonly [Act, number]>,
  deadlinesEach: number,
  late = NEVER,
): ChoiceBounds {
  const free = (['multicast', 'deliver', 'close', 'fire'] as const).map(
    (act) => [act, Infinity] as const,
  );
  return { mostOf: new Map([...free, ...faults]), deadlinesEach, late };
}

/** What may come next in a run within the bounds: steps of members and the network first, then faults. */
export function choicesWithin(bounds: ChoiceBounds, run: ChosenRun): Choice[] {
  const choices: Choice[] = [];
  for (const choice of run.enabledSteps()) {
    if (!mayCome(bounds, run, choice.act)) continue;
    const isOneMore =
      choice.act === 'fire' && run.deadlinesOf[choice.member]! >= bounds.deadlinesEach;
    if (!isOneMore) choices.push(choice, ...latesOf(bounds.late, run, choice));
  }
  return [...choices, ...faultsWithin(bounds, run)];
}

function mayCome({ mostOf }: ChoiceBounds, run: ChosenRun, act: Act): boolean {
  const most = mostOf.get(act) ?? 0;
  if (most === 0 || most === Infinity) return most > 0;
  return run.taken.filter((taken) => taken.act === act).length < most;
}

/** The same step, late. */
function latesOf({ acts, byUs, each }: LateBounds, run: ChosenRun, choice: Choice): Choice[] {
  if (each === 0 || !acts.includes(choice.act)) return [];
  const member = memberOf(choice);
  if (each < Infinity && latesTaken(run, member) >= each) return [];
  const nowUs = run.clockOf(member).read(0);
  const deadlineUs = run.deadlineOf(member);
  return byUs.map((lateUs) => ({ ...choice, atUs: lateAtUs(nowUs, deadlineUs, lateUs) }) as Choice);
}

/** Whatever says when it comes is late, in a search. */
function latesTaken({ taken }: ChosenRun, member: number): number {
  return taken.filter((choice) => isTimed(choice) && memberOf(choice) === member).length;
}

function faultsWithin(bounds: ChoiceBounds, run: ChosenRun): Choice[] {
  const choices: Choice[] = [];
  for (const act of ['lose', 'repeat'] as const) {
    if (!mayCome(bounds, run, act)) continue;
    for (const { name } of run.packets) choices.push({ act, packet: name });
  }
  if (mayCome(bounds, run, 'crash')) {
    for (const member of run.members.keys()) choices.push(...crashesOf(run, member));
  }
  for (const act of EVERYWHERE) if (mayCome(bounds, run, act)) choices.push(...every(act, run));
  return choices.filter((choice) => run.allows(choice));
}

/** Now, or in the middle of what the member does next; over reliable channels that adds nothing (fate-plans.ts). */
function crashesOf({ members, channels }: ChosenRun, member: number): Choice[] {
  const sendsMax = channels === 'reliable' ? 0 : ROUNDS_PER_STEP * (members.length - 1);
  const midway = Array.from({ length: sendsMax }, (_, sends): Choice => {
    return { act: 'crash', member, sends };
  });
  return [{ act: 'crash', member }, ...midway];
}

function every(act: Act, { members }: ChosenRun): Choice[] {
  const all = [...members.keys()];
  if (act === 'pause' || act === 'resume') return all.map((member) => ({ act, member }));
  if (act !== 'cut' && act !== 'heal') return [];
  return all.flatMap((from) => all.map((to) => ({ act, from, to })));
}
