import { SenderNames } from '../../../control/logs/senders/sender-names.ts';
import { HAPPENING } from '../../../control/logs/fields/happenings.ts';
import { readLog } from '../../../control/logs/read-log.ts';
import { settleHappenings } from '../../../control/logs/settle-happenings.ts';

/** A message as a log has it: sender and number. */
export type Message = readonly [sender: string | number, number: number];

/** What a log tells: deliveries, and the peer's own multicasts as `['*', number]`. */
export function readMessages(
  text: string,
  told: readonly [string, string] | null = null,
): (readonly [string, number])[] {
  const senders = new SenderNames();
  const { columns } = readLog({ name: 'log', text }, senders, told);
  settleHappenings([columns]);
  return Array.from({ length: columns.length }, (_, row) => {
    const isMulticast = columns.happenings[row] === HAPPENING.multicast;
    const name = isMulticast ? '*' : senders.name(columns.senders[row]!);
    return [name, columns.numbers[row]!] as const;
  });
}

/** How a program writes the messages that a peer delivered; `own` are the messages that it multicast. */
export type Writer = (messages: readonly Message[], own?: readonly number[]) => string;

const lines = (write: (message: Message) => string): Writer => {
  return (messages) => messages.map((message) => `${write(message)}\n`).join('');
};
const list = (write: (message: Message) => string, between = ', '): Writer => {
  return (messages) => `[${messages.map(write).join(between)}]\n`;
};
/** A name in quotes, a number without. */
const python = (sender: string | number) => (typeof sender === 'string' ? `'${sender}'` : sender);
const json = JSON.stringify;

/** The same deliveries as different programs write them. */
export const WRITERS: Readonly<Record<string, Writer>> = {
  'a JSON list': (messages) => json(messages),
  'an indented JSON list': (messages) => json(messages, null, 2),
  'a Python list of tuples': list(([s, n]) => `(${python(s)}, ${n})`),
  'a Python list of lists': list(([s, n]) => `[${python(s)}, ${n}]`),
  'tuples with more fields': list(([s, n]) => `(${python(s)}, ${n}, 'deposit', -51.5, None)`),
  'tuples with a vector': list(([s, n]) => `(${python(s)}, ${n}, [3, 1, 2], {'a': (1, 2)})`),
  'tuples of numpy': list(([s, n]) => {
    return `(${typeof s === 'number' ? `np.int64(${s})` : python(s)}, np.int64(${n}))`;
  }),
  'a deque': (messages) => `deque(${list(([s, n]) => `(${python(s)}, ${n})`)(messages)}, maxlen=9)`,
  'an assignment': (messages) => `log = ${list(([s, n]) => `(${python(s)}, ${n})`)(messages)}`,
  'a tuple of tuples': (messages) =>
    `(${messages.map(([s, n]) => `(${python(s)}, ${n}),`).join(' ')})`,
  'tuples in a line': (messages) => messages.map(([s, n]) => `(${python(s)}, ${n})`).join(', '),
  'a tuple a line': lines(([s, n]) => `(${python(s)}, ${n})`),
  'a tuple and a comma a line': lines(([s, n]) => `(${python(s)}, ${n}),`),
  'identities in tuples': list(([s, n]) => `((${python(s)}, ${n}), 'deposit', 3)`),
  dictionaries: list(
    ([s, n]) => `{'type': 'DATA', 'timestamp': 7, 'sender_id': ${python(s)}, 'seq': ${n}}`,
  ),
  'objects in JSON': (messages) =>
    json(
      messages.map(([sender, sequence]) => ({ payload: { from: 'x', n: 8 }, sequence, sender })),
    ),
  dataclasses: list(
    ([s, n]) => `Message(kind=<Kind.DATA: 1>, sender=${python(s)}, seq=${n}, text='(7, 7)')`,
  ),
  'named tuples without names': list(([s, n]) => `Message(${python(s)}, ${n})`),
  'dataclasses in tuples': list(([s, n]) => `(Message(sender=${python(s)}, number=${n}), 12.5)`),
  'objects of JavaScript': list(([s, n]) => `{ sender: ${python(s)}, seq: ${n} }`, ',\n  '),
  'structures of Rust': list(([s, n]) => `Message { sender: ${json(s)}, seq: ${n} }`),
  'records of Java': list(([s, n]) => `Message[sender=${s}, seq=${n}]`),
  'structures of Go': list(([s, n]) => `{Sender:${s} Seq:${n} Op:deposit}`, ' '),
  'structures of Go, one a line': lines(([s, n]) => `{Sender:${s} Seq:${n}}`),
  'arrays of numpy': list(([s, n]) => `[${python(s)} ${n}]`, '\n '),
  'lists of Lisp': (messages) => `(${messages.map(([s, n]) => `(${json(s)} ${n})`).join(' ')})`,
  'lists of OCaml': list(([s, n]) => `(${json(s)}, ${n})`, '; '),
  'lists of Scala': (messages) =>
    `List(${messages.map(([s, n]) => `Message(${s},${n})`).join(', ')})`,
  'tuples of Erlang': list(([s, n]) => `{${s},${n}}`, ','),
  'hashes of Ruby': list(([s, n]) => `{:sender=>${json(s)}, :seq=>${n}}`),
  'arrays of PHP': list(([s, n]) => `['sender' => ${python(s)}, 'seq' => ${n}]`),
  'maps of Elixir': list(([s, n]) => `%{sender: ${json(s)}, seq: ${n}}`),
  'strings that hold both': list(([s, n]) => `"${s}:${n}"`),
  'lines of JSON': lines(([from, n]) => json({ at: 1.5, from, n })),
  'lines of JSON with events': (messages) =>
    `{"event":"start","peer":0}\n${lines(([sender, seq]) => {
      return `${json({ event: 'receive', sender, seq })}\n${json({ event: 'deliver', sender, seq })}`;
    })(messages)}`,
  'lines of JSON with nested messages': lines(([sender, seq]) =>
    json({ at: 1, message: { sender, seq } }),
  ),
  'JSON lists, one a line': lines(([s, n]) => json([s, n, 'x'])),
  'an object with a list': (messages) => json({ peer: 3, options: [1, 2], delivered: messages }),
  'this project’s object': (messages) => json({ deliveries: messages }),
  CSV: (messages) => `sender,sequence\n${lines(([s, n]) => `${s},${n}`)(messages)}`,
  'CSV with quotes, semicolons and another order': (messages) =>
    `"time";"seq no";"payload";"Sender ID"\r\n${messages
      .map(([s, n]) => `"7,5";"${n}";"say ""1;2""";"${s}"\r\n`)
      .join('')}`,
  'CSV of floating point': (messages) =>
    `,sender,seq\n${messages
      .map(([s, n], row) => `${row},${typeof s === 'number' ? `${s}.0` : s},${n}.0\n`)
      .join('')}`,
  'tabs and a header': (messages) => `from\tnumber\n${lines(([s, n]) => `${s}\t${n}`)(messages)}`,
  spaces: lines(([s, n]) => `${s} ${n}`),
  'spaces, comments and blank lines': (messages) =>
    `# sender number\n\n${lines(([s, n]) => `  ${s}   ${n}  `)(messages)}\n// the end\n`,
  commas: lines(([s, n]) => `${s},${n},`),
  'commas and spaces': lines(([s, n]) => `${s}, ${n}, hello "world"`),
  'semicolons, after a byte order mark': (messages) =>
    `\uFEFF${lines(([s, n]) => `${s};${n}`)(messages)}`,
  tabs: lines(([s, n]) => `${s}\t${n}`),
  'a colon': lines(([s, n]) => `${s}:${n}`),
  'a colon and a space': lines(([s, n]) => `${s}: ${n}`),
  'a dash': lines(([s, n]) => `${s}-${n}`),
  words: lines(([s, n]) => `receive ${s} ${n}\ndeliver ${s} ${n}`),
  'words in a list': list(([s, n]) => `('delivered', ${python(s)}, ${n})`),
  'calls in lines': lines(([s, n]) => `deliver(${python(s)}, ${n})`),
  'lines of a logging library': (messages) =>
    `2026-11-25 12:00:00,001 INFO root: starting\n${lines(([s, n]) => {
      return `2026-11-25 12:00:01,123 INFO root: delivered (${python(s)}, ${n}) after 3 ms [1, 2]`;
    })(messages)}`,
  'lines in brackets': lines(([s, n]) => `[12:00:01] [INFO] delivered [${json(s)}, ${n}]`),
  'lines with times': lines(([s, n]) => `12:00:01.5 ${s} ${n}`),
  'lines with named values': lines(([s, n]) => `level=info msg="deliver it" sender=${s} seq=${n}`),
  'lines with named values and colons': lines(
    ([s, n]) => `INFO:root:deliver sender: ${s}, seq: ${n}`,
  ),
  sentences: lines(
    ([s, n]) => `Peer 7 delivered message ${n} from ${typeof s === 'number' ? `peer ${s}` : s}`,
  ),
};

/** Forms that tell the peer's own multicasts: here all before the first delivery. */
export const WRITERS_WITH_MULTICASTS: Readonly<Record<string, Writer>> = {
  EPFL: (messages, own = []) =>
    [...own.map((n) => `b ${n}\n`), ...messages.map(([s, n]) => `d ${s} ${n}\n`)].join(''),
  'EPFL with commas': (messages, own = []) =>
    [...own.map((n) => `b,${n}\n`), ...messages.map(([s, n]) => `d,${s},${n}\n`)].join(''),
  words: (messages, own = []) =>
    [
      ...own.map((n) => `BROADCAST ${n}\n`),
      ...messages.map(([s, n]) => `DELIVER ${s} ${n}\n`),
    ].join(''),
  'lines of JSON': (messages, own = []) =>
    [
      ...own.map((number) => json({ event: 'multicast', number, sender: 9 })),
      ...messages.map(([sender, number]) => json({ event: 'deliver', number, sender })),
    ].join('\n'),
};
