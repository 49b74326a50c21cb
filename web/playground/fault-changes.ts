import { PLAYGROUND_LIMITS, type PlaygroundFault } from './playground-settings.ts';

/** How long a fault takes that lasted no time so far, such as a crash that becomes a pause, in milliseconds. */
const LASTS_MS = 1_000;

export const NEW_FAULT: PlaygroundFault = {
  kind: 'crash',
  member: 0,
  atMs: 1_000,
  untilMs: 1_000 + LASTS_MS,
};

/** The fault as another kind. A link holds no end of a crash, and what has no end would do nothing. */
export function ofKind(fault: PlaygroundFault, kind: PlaygroundFault['kind']): PlaygroundFault {
  const lastsMs = fault.untilMs - fault.atMs;
  return endingAfter({ ...fault, kind }, lastsMs > 0 ? lastsMs : LASTS_MS);
}

/** The fault at another time, for as long as before. */
export function beginningAt(fault: PlaygroundFault, atMs: number): PlaygroundFault {
  return endingAfter({ ...fault, atMs }, fault.untilMs - fault.atMs);
}

function endingAfter(fault: PlaygroundFault, lastsMs: number): PlaygroundFault {
  const untilMs = Math.min(fault.atMs + lastsMs, PLAYGROUND_LIMITS.faultMs.max);
  return { ...fault, untilMs };
}
