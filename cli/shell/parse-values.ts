import { InvalidArgumentError, Option } from 'commander';
import { WORKLOADS } from '../../control/workload.ts';
import { ZONE_FORM } from '../../control/zone-form.ts';

/** What the messages carry: the same for every command that runs something. */
export function workloadOption(): Option {
  return new Option(
    '--workload <NAME>',
    'what the messages carry: none (bytes without a meaning, all --payload long), mixed (the same, of ' +
      'any length up to --payload), or bank: deposits and interest for a replicated bank (default: none)',
  ).choices(WORKLOADS);
}

/** Where the picture of a bank's balances goes. */
export function balancesOption(): Option {
  return new Option(
    '--balances <FILE>',
    'of a run with --workload bank: draw its balances over time as SVG',
  );
}

/** A parser of whole numbers for commander; its error says what is allowed. */
export function integerFrom(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Allowed: a whole number from ${min} to ${max}.`);
  };
}

/** A parser of decimal numbers such as 0.2 for commander. */
export function decimalFrom(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,12}(\.\d{1,9})?$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Allowed: a number from ${min} to ${max}.`);
  };
}

/** MIN-MAX in milliseconds, or one number for both. */
export function intervalUpTo(maxMs: number): (text: string) => { min: number; max: number } {
  return (text) => {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text);
    const min = Number(match?.[1] ?? NaN);
    const max = Number(match?.[2] ?? match?.[1] ?? NaN);
    if (min <= max && max <= maxMs) return { min, max };
    throw new InvalidArgumentError(
      `Allowed: MIN-MAX in milliseconds, such as 10-99, or one number for both, with 0 <= MIN <= MAX <= ${maxMs}.`,
    );
  };
}

/** Zones with commas between them. */
export function parseZones(text: string): string[] {
  const zones = text.split(',').map((zone) => zone.trim());
  const wrong = zones.find((zone) => !ZONE_FORM.test(zone));
  if (wrong === undefined) return zones;
  throw new InvalidArgumentError(
    `"${wrong}" is no zone. Allowed: zones with commas between them, such as ` +
      'europe-north1-a,us-west1-b.',
  );
}

const LIST_MAX = 64;

/** A parser of values with commas between them, each one once, by the parser of one. */
export function listOf<Value>(parse: (text: string) => Value): (text: string) => Value[] {
  return (text) => {
    const parts = text.split(',').map((part) => part.trim());
    const twice = parts.find((part, index) => parts.indexOf(part) < index);
    if (twice !== undefined) throw new InvalidArgumentError(`"${twice}" is there twice.`);
    if (parts.length > LIST_MAX) {
      throw new InvalidArgumentError(`Allowed: at most ${LIST_MAX} values.`);
    }
    return parts.map(parse);
  };
}
