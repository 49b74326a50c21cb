/** A value that was given where a number belongs, as an error names it: text and large integers look like numbers otherwise. */
export function describeGiven(value: unknown): string {
  if (typeof value === 'string') return `${JSON.stringify(value)}, a string`;
  if (typeof value === 'bigint') return `${value}n, a bigint`;
  return String(value);
}
