/** How lines that are in no form begin, or all they are, each with the form that is nearest to them. */
const NEAREST: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [
    /^(\d+)\.(\d+)$/,
    ([whole, sender, number]) =>
      `"${whole}" may be a number with a fraction; the nearest form is a line for each message such as ` +
      `"${sender!}:${number!}", with another sign between sender and number`,
  ],
  [
    /^([A-Za-z]+)(\d+)(?:$|[\s,;]+[A-Za-z]+\d)/,
    ([, sender, number]) =>
      `"${sender!}${number!}" may be the name of a peer; the nearest form is a line for each message such as ` +
      `"${sender!}:${number!}", with a sign between sender and number`,
  ],
  [
    /\bdeliver.*\d|\d.*\bdeliver/i,
    () =>
      'the nearest forms are "delivered (0, 3)", "deliver sender=0 seq=3" and "delivered message 3 from peer 0", ' +
      'which say which of its numbers is which',
  ],
  [
    /[\w"'][\s,;|]+\d+(?:$|[\s,;|])/,
    () =>
      'where each line is a delivery, --fields tells which of its cells are sender and number, such as --fields 2,3',
  ],
];

/** What a person is told of a line in no form: the form that is nearest to it; `null` where none is near. */
export function nearestForm(line: string): string | null {
  for (const [pattern, tell] of NEAREST) {
    const match = pattern.exec(line);
    if (match !== null) return tell(match);
  }
  return null;
}
