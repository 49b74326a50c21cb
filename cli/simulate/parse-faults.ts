import { InvalidArgumentError } from 'commander';
import { SCENARIO_LIMITS } from '../../simulation/run/validate-scenario.ts';
import type { Delay, Fault } from '../../simulation/scenario.ts';

const NUMBER = String.raw`\d{1,9}(?:\.\d{1,3})?`;
const LIST = String.raw`\d{1,4}(?:,\d{1,4})*`;

/** The longest time of a run; all other numbers of these options are smaller. */
const MS_MAX = SCENARIO_LIMITS.timeUsMax / 1_000;

/** Milliseconds with up to three decimals, as whole microseconds. */
function us(ms: string): number {
  return Math.round(Number(ms) * 1_000);
}

function members(list: string): number[] {
  return list.split(',').map(Number);
}

/** A parser for commander that collects what an option says each time that it is given. */
function collecting(
  form: string,
  allowed: string,
  toFault: (parts: readonly string[]) => Fault,
): (text: string, before?: readonly Fault[]) => readonly Fault[] {
  const expression = new RegExp(`^${form}$`);
  return (text, before = []) => {
    refuseLarge(text);
    const match = expression.exec(text);
    if (match === null) throw new InvalidArgumentError(`Allowed: ${allowed}.`);
    return [...before, toFault(match.slice(1))];
  };
}

/** Refuses a number that is too large for any of these options: its form may be right. */
function refuseLarge(text: string): void {
  const large = (text.match(/\d[\d.]*(?:e\+?\d+)?/gi) ?? []).find(
    (number) => Number(number) > MS_MAX,
  );
  if (large === undefined) return;
  throw new InvalidArgumentError(`${large} is too large. Allowed: at most ${MS_MAX} ms.`);
}

/** Times from one to another, in microseconds. */
function spanFrom(from: string, to: string): { readonly atUs: number; readonly untilUs: number } {
  const [atUs, untilUs] = [us(from), us(to)];
  if (untilUs >= atUs) return { atUs, untilUs };
  throw new InvalidArgumentError(`FROM (${from} ms) is after TO (${to} ms).`);
}

export const parseCrash = collecting(
  String.raw`(\d{1,4})@(${NUMBER})(?:\+(\d{1,6}))?`,
  'MEMBER@MS, or MEMBER@MS+SENDS to crash after SENDS more packets, such as 2@1500 or 2@1500+3',
  ([member, at, sends]) => ({
    kind: 'crash',
    member: Number(member),
    atUs: us(at!),
    ...(sends !== undefined && { afterSends: Number(sends) }),
  }),
);

export const parseRestart = collecting(
  String.raw`(\d{1,4})@(${NUMBER})-(${NUMBER})(\+admitted)?`,
  'MEMBER@FROM-TO in milliseconds, or MEMBER@FROM-TO+admitted, such as 2@1500-2500',
  ([member, from, to, admitted]) => ({
    kind: 'crash',
    member: Number(member),
    ...restartFrom(spanFrom(from!, to!)),
    ...(admitted !== undefined && { admitted: true }),
  }),
);

function restartFrom({ atUs, untilUs }: ReturnType<typeof spanFrom>) {
  return { atUs, restartAfterUs: untilUs - atUs };
}

export const parsePause = collecting(
  `(\\d{1,4})@(${NUMBER})-(${NUMBER})`,
  'MEMBER@FROM-TO in milliseconds, such as 1@500-1500',
  ([member, from, to]) => ({
    kind: 'pause',
    member: Number(member),
    ...spanFrom(from!, to!),
  }),
);

export const parseLate = collecting(
  `(\\d{1,4})@(${NUMBER})`,
  'MEMBER@MS, such as 1@2000',
  ([member, at]) => ({ kind: 'lateStart', member: Number(member), atUs: us(at!) }),
);

export const parseSkew = collecting(
  `(\\d{1,4})@(${NUMBER})(?:\\+(${NUMBER}))?`,
  'MEMBER@RATE or MEMBER@RATE+MS, such as 1@1.02 or 1@0.98+250',
  ([member, text, offset]) => {
    const [rate, { rateMin, rateMax }] = [Number(text), SCENARIO_LIMITS];
    if (rate < rateMin || rate > rateMax) {
      throw new InvalidArgumentError(
        `The rate is ${rate}. Allowed: a number from ${rateMin} to ${rateMax}.`,
      );
    }
    return { kind: 'clockSkew', member: Number(member), rate, offsetUs: us(offset ?? '0') };
  },
);

export const parsePartition = collecting(
  `(${LIST})\\|(${LIST})@(${NUMBER})-(${NUMBER})`,
  'MEMBERS|MEMBERS@FROM-TO in milliseconds, such as "0,1|2,3@500-1500"',
  (parts) => toPartition(parts, true, 'no member stands on both sides'),
);

export const parseCut = collecting(
  `(${LIST})>(${LIST})@(${NUMBER})-(${NUMBER})`,
  'MEMBERS>MEMBERS@FROM-TO in milliseconds, such as "0>1,2@500-1500"',
  (parts) => toPartition(parts, false, 'a member is not cut off from itself'),
);

function toPartition(
  [first, second, at, until]: readonly string[],
  symmetric: boolean,
  rule: string,
): Fault {
  const [from, to] = [members(first!), members(second!)];
  const twice = from.find((member) => to.includes(member));
  if (twice !== undefined)
    throw new InvalidArgumentError(`Member ${twice} is named twice: ${rule}.`);
  return {
    kind: 'partition',
    from,
    to,
    symmetric,
    ...spanFrom(at!, until!),
  };
}

export const parseClog = collecting(
  String.raw`(\d{1,4})>(\d{1,4})@(${NUMBER})-(${NUMBER})\+(${NUMBER})`,
  'FROM>TO@FROM-TO+MS in milliseconds, such as "0>1@500-1500+200"',
  ([from, to, at, until, extra]) => ({
    kind: 'clog',
    from: Number(from),
    to: Number(to),
    extraUs: us(extra!),
    ...spanFrom(at!, until!),
  }),
);

/** A delay that needs no zones. */
export function parseDelay(text: string): Delay {
  refuseLarge(text);
  const match = new RegExp(`^(constant|uniform|exponential):(${NUMBER})(?:-(${NUMBER}))?$`).exec(
    text,
  );
  const [, kind, first, second] = match ?? [];
  if (kind === 'uniform' && second !== undefined && us(first!) <= us(second)) {
    return { kind, minUs: us(first!), maxUs: us(second) };
  }
  if (kind === 'constant' && second === undefined) return { kind, us: us(first!) };
  if (kind === 'exponential' && second === undefined) return { kind, meanUs: us(first!) };
  throw new InvalidArgumentError(
    'Allowed, in milliseconds: constant:MS, uniform:MIN-MAX or exponential:MEAN, such as uniform:5-80.',
  );
}
