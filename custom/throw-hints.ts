/** What people get wrong often enough to be told the cure, by what the error says. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /Cannot (?:assign to|add|delete|define)|read only property|object is not extensible/,
    'a message, its vector included, is never changed once it was sent or received: make a new one with ' +
      'new Message(...), and copy a vector first ([...vector])',
  ],
  [
    /is a Message of core\/message\.ts|Cannot read private member|onLink is not a function/,
    'only new Message(...) makes a message: { ...message } is a plain object without its class',
  ],
  [
    /of a message is .*; allowed: whole numbers|unsigned 32-bit integer/,
    'the numbers of a message are whole, from 0 to 4,294,967,295: no fraction, no negative one, no Infinity',
  ],
  [
    /the vector of a message is an array/,
    'a vector is a plain array, so that it can be frozen and is the same over the wire: [...counts] makes one of a ' +
      'Uint32Array or a Set, and [...counts.values()] of a Map',
  ],
  [
    /Cannot read properties of undefined/,
    'something that was not stored is read: by whom it was sent is in from and in message.sender, which differ ' +
      'for a message that was passed on',
  ],
  [
    /Maximum call stack size exceeded/,
    'a method calls itself without an end; out.send and out.multicast never call back',
  ],
];

/** What helps against an error with this message; `null` where nothing is known. */
export function hintFor(message: string): string | null {
  return HINTS.find(([form]) => form.test(message))?.[1] ?? null;
}

/** More calls than lie between a line of an ordering, through its layers, and the check that refuses what it sends. */
const FRAMES_MAX = 40;

/** Lets the stacks of errors reach down to the line of an ordering, which the ten calls that they have by themselves do not. */
export function lengthenStacks(): void {
  Error.stackTraceLimit = FRAMES_MAX;
}
