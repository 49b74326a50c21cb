/**
 * One step of a run whose every step is chosen from outside: by a search, by a person, by a recording.
 *
 * A packet has a name that does not depend on what happens elsewhere: `0>1#2` is the third packet (counted
 * from 0) that member 0 put on the network for member 1, and `0>1#2+1` its second copy. So the same choices
 * mean the same in every run in which the members concerned have seen the same.
 *
 * `atUs` is what the clock of the member reads when it takes the step, so that a run that had times can be
 * repeated exactly. Without it the clock stands still, or jumps to the deadline that passes.
 */
export type Choice =
  | MulticastChoice
  | { readonly act: 'fire'; readonly member: number; readonly atUs?: number }
  | CrashChoice
  | { readonly act: 'pause' | 'resume'; readonly member: number }
  | { readonly act: 'deliver'; readonly packet: string; readonly atUs?: number }
  | { readonly act: 'lose' | 'repeat'; readonly packet: string }
  | { readonly act: 'cut' | 'heal' | 'close'; readonly from: number; readonly to: number };

/** A member multicasts its next message, or its next `count` at one instant (`Ordering.multicastAll`). */
export interface MulticastChoice {
  readonly act: 'multicast';
  readonly member: number;
  readonly count?: number;
  readonly atUs?: number;
}

/** A member crashes: now, or in the middle of what it does next, once it has sent `sends` more packets. */
export interface CrashChoice {
  readonly act: 'crash';
  readonly member: number;
  readonly sends?: number;
}

export type Act = Choice['act'];

const MEMBER_ACTS = ['multicast', 'fire', 'crash', 'pause', 'resume'] as const;
const PACKET_ACTS = ['deliver', 'lose', 'repeat'] as const;
const PATH_ACTS = ['cut', 'heal', 'close'] as const;
/** The acts at which a member reads its clock, so that a time can be said. */
const TIMED_ACTS: readonly string[] = ['multicast', 'fire', 'deliver'];

/**
 * The choice as files hold it and as a person types it: `multicast 0`, `multicast 0*3`,
 * `deliver 0>1#2 @1500`, `crash 1+2`, `cut 0>1`.
 */
export function formatChoice(choice: Choice): string {
  const time = 'atUs' in choice && choice.atUs !== undefined ? ` @${choice.atUs}` : '';
  if ('packet' in choice) return `${choice.act} ${choice.packet}${time}`;
  if ('from' in choice) return `${choice.act} ${choice.from}>${choice.to}`;
  const midway = 'sends' in choice && choice.sends !== undefined ? `+${choice.sends}` : '';
  const several = messagesIn(choice) > 1 ? `*${messagesIn(choice)}` : '';
  return `${choice.act} ${choice.member}${midway}${several}${time}`;
}

/** How many messages its member multicasts in it. */
export function messagesIn(choice: Choice): number {
  return choice.act === 'multicast' ? (choice.count ?? 1) : 0;
}

/** Whether it says what the clock of its member reads then. */
export function isTimed(choice: Choice): boolean {
  return 'atUs' in choice && choice.atUs !== undefined;
}

/** The same step, whenever it is taken. */
export function withoutTime(choice: Choice): Choice {
  if (!('atUs' in choice)) return choice;
  const { atUs: _atUs, ...untimed } = choice;
  return untimed;
}

/** @throws RangeError that says what was wrong and what is allowed. */
export function parseChoice(text: string): Choice {
  const [act = '', argument = '', time, ...rest] = text.trim().split(/\s+/);
  const atUs = time === undefined ? {} : parseTime(act, time);
  const untimed = parseUntimed(act, argument);
  if (untimed !== null && atUs !== null && rest.length === 0) return { ...untimed, ...atUs };
  throw new RangeError(
    `"${text}" is no choice; allowed: ${MEMBER_ACTS.join(', ')} with a member (multicast 0), ` +
      `${PACKET_ACTS.join(', ')} with a packet (deliver 0>1#2), ${PATH_ACTS.join(', ')} with a path (cut 0>1); ` +
      'multicast 0*3 for three messages at one instant; crash 0+2 for a crash two packets later; after a multicast, fire or deliver @1500 for a time in microseconds',
  );
}

function parseTime(act: string, text: string): { readonly atUs: number } | null {
  const atUs = /^@(\d{1,15})$/.exec(text)?.[1];
  return atUs === undefined || !TIMED_ACTS.includes(act) ? null : { atUs: Number(atUs) };
}

function parseUntimed(act: string, argument: string): Choice | null {
  const midway = /^(\d{1,5})\+(\d{1,9})$/.exec(argument);
  if (act === 'crash' && midway !== null) {
    return { act, member: Number(midway[1]), sends: Number(midway[2]) };
  }
  const several = /^(\d{1,5})\*(\d{1,9})$/.exec(argument);
  if (act === 'multicast' && several !== null && Number(several[2]) > 0) {
    return multicastOf(Number(several[1]), Number(several[2]));
  }
  const member = MEMBER_ACTS.find((each) => each === act);
  if (member !== undefined && /^\d{1,5}$/.test(argument)) {
    return { act: member, member: Number(argument) };
  }
  const packet = PACKET_ACTS.find((each) => each === act);
  if (packet !== undefined && /^\d+>\d+#\d+(?:\+\d+)?$/.test(argument)) {
    return { act: packet, packet: argument };
  }
  const path = PATH_ACTS.find((each) => each === act);
  const ends = /^(\d{1,5})>(\d{1,5})$/.exec(argument);
  if (path === undefined || ends === null) return null;
  return { act: path, from: Number(ends[1]), to: Number(ends[2]) };
}

/** Member `member` multicasts its next `count` messages at one instant, at `atUs` of its clock if that is said. */
export function multicastOf(member: number, count: number, atUs?: number): MulticastChoice {
  const time = atUs === undefined ? {} : { atUs };
  return { act: 'multicast', member, ...(count > 1 && { count }), ...time };
}

/** A choice that cannot be taken where the run stands. Where it could be at the same place before, the ordering did something else. */
export class ImpossibleChoiceError extends RangeError {
  override name = 'ImpossibleChoiceError';

  /** `choice` in the form of a file; `step`: how many were taken before it. */
  constructor(choice: string, step: number) {
    super(`${choice} is not possible in step ${step}`);
  }
}
