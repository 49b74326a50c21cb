import type { WallClock } from '../control/ports.ts';

/**
 * The variable that tells every process of a laboratory on one machine how far its clock is from the
 * machine's steady one.
 */
export const CLOCK_VARIABLE = 'MPCOMM_CLOCK_OFFSET_MS';

/** Milliseconds on a clock that never steps, and that all processes of a machine share. */
function steadyMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

/**
 * The settings of the clock for the processes of a laboratory that starts now. Plans, heartbeats and
 * commands carry the time of day, and each process compares them with its own. On one machine all have
 * the same time of day, but a person, a time server or a laptop that wakes up may set it by hours: then
 * a run that has just begun is overdue, live peers seem dead, and an exit command seems to be older
 * than the daemons that it is meant for. So a laboratory notes once how far the time of day is from the
 * machine's steady clock, and from then on counts on the steady clock alone. A process that joins
 * later, such as a restarted peer or a command in another terminal, is told the same number.
 */
export function clockEnvironment(): Record<string, string> {
  return { [CLOCK_VARIABLE]: String(Math.round(Date.now() - steadyMs())) };
}

/**
 * The clock of the laboratory whose settings these are, in milliseconds since 1970: the time of day where
 * it has none of its own, as in the cloud. Throws for a setting that is no whole number.
 */
export function clockOf(environment: Readonly<Record<string, string | undefined>>): WallClock {
  const text = environment[CLOCK_VARIABLE];
  if (text === undefined) return Date.now;
  if (!/^-?\d{1,15}$/.test(text)) {
    throw new Error(`${CLOCK_VARIABLE}="${text}" is a whole number of milliseconds`);
  }
  const offsetMs = Number(text);
  return () => Math.floor(steadyMs() + offsetMs);
}
