import { countFates, type CrashPoint, type Fates } from '../choices/fates.ts';
import type { Scope } from './scope.ts';

/**
 * What further fates could happen to: for each count below, the most that any schedule of the same fates had.
 * Plain data.
 */
export interface Seen {
  /** By `from * peers + to`: how many packets were sent. */
  readonly sent: readonly number[];
  /** By member and by its step: how many packets it sent in that step. */
  readonly sends: readonly (readonly number[])[];
}

export const NOTHING_SEEN: Seen = { sent: [], sends: [] };

export function mergeSeen(a: Seen, b: Seen): Seen {
  const longer = a.sends.length > b.sends.length ? a : b;
  return {
    sent: mostOf(a.sent, b.sent),
    sends: longer.sends.map((_, member) => mostOf(a.sends[member] ?? [], b.sends[member] ?? [])),
  };
}

function mostOf(a: readonly number[], b: readonly number[]): number[] {
  const longer = a.length > b.length ? a : b;
  return longer.map((_, index) => Math.max(a[index] ?? 0, b[index] ?? 0));
}

/** How much went wrong in a run. */
interface TroublesCounted {
  readonly network: { readonly lost: number };
  readonly crashes: number;
}

/** Whether every fate came true: if one did not, the schedule belongs to a plan of fewer fates. */
export function cameTrue({ losses, crashes }: Fates, run: TroublesCounted): boolean {
  return run.network.lost === losses.length && run.crashes === crashes.length;
}

/**
 * All plans that have one thing more go wrong than `fates`, in schedules that showed `seen`. Whatever goes
 * wrong together in some schedule can be reached in this way, one thing after the other as they come true in
 * it: until then, that schedule is the beginning of one in which less went wrong.
 */
export function fatesBeyond(fates: Fates, seen: Seen, scope: Scope): Fates[] {
  const { losses, crashes } = fates;
  const more: Fates[] = [];
  if (losses.length < scope.losses) {
    for (const name of lossesIn(seen, scope)) {
      if (!losses.includes(name)) more.push({ losses: [...losses, name].sort(), crashes });
    }
  }
  if (crashes.length < scope.crashes) {
    for (const point of crashesIn(seen, scope)) {
      if (crashes.some(({ member }) => member === point.member)) continue;
      const both = [...crashes, point].sort((a, b) => a.member - b.member);
      more.push({ losses, crashes: both });
    }
  }
  return more.filter(isVisible);
}

/**
 * A loss on the way to a member that crashes adds no schedule: the packet could as well be under way still.
 */
function isVisible({ losses, crashes }: Fates): boolean {
  return !losses.some((name) => crashes.some(({ member }) => name.includes(`>${member}#`)));
}

function lossesIn({ sent }: Seen, { peers }: Scope): string[] {
  return sent.flatMap((count, path) => {
    const [from, to] = [Math.floor(path / peers), path % peers];
    return Array.from({ length: count }, (_, number) => `${from}>${to}#${number}`);
  });
}

/**
 * A member may crash before each of its steps and after the last; over datagrams also in the middle of a
 * step. A reliable channel is closed after any of its packets when its sender crashed, so that there a crash
 * in the middle adds nothing.
 */
function crashesIn({ sends }: Seen, { channels }: Scope): CrashPoint[] {
  return sends.flatMap((steps, member) => {
    const between = Array.from({ length: steps.length + 1 }, (_, step) => {
      return { member, steps: step, sends: null };
    });
    if (channels === 'reliable') return between;
    const within = steps.flatMap((count, step) => {
      return Array.from({ length: count }, (_, sent) => ({ member, steps: step, sends: sent }));
    });
    return [...between, ...within];
  });
}

/** A text that is equal for equal fates, in whatever order they were found. */
export function keyOfFates(fates: Fates): string {
  return JSON.stringify(fates);
}

/** Whether some plan has more go wrong than this one. */
export function mayGrow(fates: Fates, { losses, crashes }: Scope): boolean {
  return countFates(fates) < losses + crashes;
}
