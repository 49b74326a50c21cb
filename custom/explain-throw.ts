import { fileURLToPath } from 'node:url';

/** Frames of a stack that are shown: those in the ordering's own file first, then the others. */
const OWN_FRAMES_MAX = 4;
const OTHER_FRAMES_MAX = 2;

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
    /of a message is .*; allowed: whole numbers|unsigned 32-bit integers/,
    'the numbers of a message are whole, from 0 to 4,294,967,295: no fraction, no negative one, no Infinity',
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

/**
 * What an ordering threw, as its author wants to read it: the error, then where in the ordering's own
 * file, then where else; and what helps, where that is known. `file` is the ordering's file, absolute.
 */
export function explainThrow(error: unknown, file: string): string {
  if (!(error instanceof Error))
    return `${String(error)} (which is no Error, so where is not known)`;
  const frames = framesOf(error);
  const own = frames.filter((frame) => frame.includes(file)).slice(0, OWN_FRAMES_MAX);
  const others = frames.filter((frame) => !frame.includes(file)).slice(0, OTHER_FRAMES_MAX);
  const hint = hintFor(error.message);
  return [
    ...sourceOf(error, file),
    `${error.name}: ${error.message}`,
    ...[...own, ...others].map((frame) => `  ${frame}`),
    ...(hint === null ? [] : [`Hint: ${hint}.`]),
  ].join('\n');
}

/** The line that could not be read, which the stack of a file that does not parse begins with. */
function sourceOf({ stack = '' }: Error, file: string): string[] {
  const [where = '', ...rest] = stack.split('\n');
  if (!where.includes(`${file}:`) || where.startsWith('at ')) return [];
  const end = rest.findIndex((line) => line.trim() !== '' && /^\s*\^+$/.test(line));
  return [where.replace(/^file:\/\//, ''), ...rest.slice(0, end + 1)].filter(
    (line) => line.trim() !== '',
  );
}

/** What helps against an error with this message; `null` where nothing is known. */
export function hintFor(message: string): string | null {
  return HINTS.find(([form]) => form.test(message))?.[1] ?? null;
}

/** `at receive (best.ts:17:23)`, without the frames of Node itself. */
function framesOf({ stack = '' }: Error): string[] {
  return stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at ') && !line.includes('node:'))
    .map((line) => line.replace(/file:\/\/[^\s)]+?(?=:\d+:\d+)/, (url) => pathOf(url)));
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}
