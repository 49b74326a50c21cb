/**
 * One step of a run whose every step is chosen from outside: by a search, by a person, by a recording.
 *
 * A packet has a name that does not depend on what happens elsewhere: `0>1#2` is the third packet (counted
 * from 0) that member 0 put on the network for member 1, and `0>1#2+1` its second copy. So the same choices
 * mean the same in every run in which the members concerned have seen the same.
 */
export type Choice =
  | { readonly act: 'multicast' | 'fire' | 'pause' | 'resume'; readonly member: number }
  | CrashChoice
  | { readonly act: 'deliver' | 'lose' | 'repeat'; readonly packet: string }
  | { readonly act: 'cut' | 'heal' | 'close'; readonly from: number; readonly to: number };

/** A member crashes: now, or once it has sent so many packets in its next step, where it sends more than that. */
export interface CrashChoice {
  readonly act: 'crash';
  readonly member: number;
  readonly sends?: number;
}

export type Act = Choice['act'];

const MEMBER_ACTS = ['multicast', 'fire', 'crash', 'pause', 'resume'] as const;
const PACKET_ACTS = ['deliver', 'lose', 'repeat'] as const;
const PATH_ACTS = ['cut', 'heal', 'close'] as const;

/** `multicast 0`, `deliver 0>1#2`, `cut 0>1`, `crash 0+2`: what a file holds, and what a person types. */
export function formatChoice(choice: Choice): string {
  if (choice.act === 'crash' && choice.sends !== undefined) {
    return `crash ${choice.member}+${choice.sends}`;
  }
  if ('member' in choice) return `${choice.act} ${choice.member}`;
  if ('packet' in choice) return `${choice.act} ${choice.packet}`;
  return `${choice.act} ${choice.from}>${choice.to}`;
}

/** @throws RangeError that says what was wrong and what is allowed. */
export function parseChoice(text: string): Choice {
  const [act = '', argument = '', ...rest] = text.trim().split(/\s+/);
  if (rest.length === 0) {
    const member = MEMBER_ACTS.find((each) => each === act);
    if (member !== undefined && /^\d+$/.test(argument)) {
      return { act: member, member: Number(argument) };
    }
    const middle = /^(\d+)\+(\d+)$/.exec(argument);
    if (act === 'crash' && middle !== null) {
      return { act, member: Number(middle[1]), sends: Number(middle[2]) };
    }
    const packet = PACKET_ACTS.find((each) => each === act);
    if (packet !== undefined && /^\d+>\d+#\d+(?:\+\d+)?$/.test(argument)) {
      return { act: packet, packet: argument };
    }
    const path = PATH_ACTS.find((each) => each === act);
    const ends = /^(\d+)>(\d+)$/.exec(argument);
    if (path !== undefined && ends !== null) {
      return { act: path, from: Number(ends[1]), to: Number(ends[2]) };
    }
  }
  throw new RangeError(
    `"${text}" is no choice; allowed: ${MEMBER_ACTS.join(', ')} with a member (multicast 0; ` +
      `crash 0+2: in its next step, after two packets), ` +
      `${PACKET_ACTS.join(', ')} with a packet (deliver 0>1#2), ${PATH_ACTS.join(', ')} with a path (cut 0>1)`,
  );
}
