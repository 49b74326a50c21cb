import { happeningOf, HAPPENING } from './happenings.ts';

/**
 * What a line says of its message. `word` says what happened, such as `delivered`, or `not delivered` and
 * `to deliver` where a delivery is denied or put off; it is `''` where nothing is said. `doubt` tells why that
 * cannot be taken from the line; `null` where it can.
 */
export interface Saying {
  readonly word: string;
  readonly doubt: string | null;
}

interface Word {
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

/** A word, but no part of a path such as `mcast::deliver`. */
const WORD = /(?<!::)\b[A-Za-z]+(?:[-_.'’][A-Za-z]+)*\b(?!::)/g;

/** What a message carries stands in quotes, or behind a colon: its words say nothing of the delivery. */
const CARRIED = /"[^"\n]*"|`[^`\n]*`|(?<![\p{L}\p{N}])'[^'\n]*'(?![\p{L}\p{N}])/gu;
/** It may stand before the message as well, as in "delivered message: stop (0, 3)". */
const CARRIED_BEFORE = /(\bdeliver\w*\s+(?:message|msg|content|text)\s*:)(.*)$/i;

/** Where one part of a sentence ends, so that a word behind it need not speak of the same as one before it. */
const BOUNDARY = /[,;:|.)\]}>](?=\s|$|[([{])|\s-+>?\s|\s=+>\s/g;

const DENYING = /^(?:not|never|cannot|cant|unable|without|[a-z]+n['’]t)$/;
const DEFERRING =
  /^(?:will|shall|would|should|already|last|latest|previous|previously|earlier|next|ready|about|duplicate|duplicated|dup|ignor(?:e|es|ed|ing)|re-?deliver[a-z]*)$/;
/** Words that make another happening of a delivery when they stand right before it, as in "to be delivered". */
const RIGHT_BEFORE = /^(?:to|for|no|after|await|awaits|awaiting)$/;
/** Words of which nobody can tell whether the delivery took place. */
const DOUBTFUL =
  /^(?:can|could|may|might|must|wait(?:s|ed|ing)?|await(?:s|ed|ing)?|until|before|unless|if|when|whether|try|tries|tried|trying|yet|later|again|pending|impossible|attempt[a-z]*|request[a-z]*|schedul[a-z]*|plan[a-z]*|postpon[a-z]*|defer[a-z]*|delay[a-z]*|fail[a-z]*|block[a-z]*|skip[a-z]*|reject[a-z]*|refus[a-z]*|expect[a-z]*|check[a-z]*)$/;
/** Words right behind a message that deny what was said before it, as in "deliver (2, 3) failed". */
const DENYING_BEHIND =
  /^(?:yet|later|already|previously|pending|impossible|fail(?:s|ed|ure)?|postponed|deferred|delayed|blocked|rejected|refused|skipped)$/;
/** Words before a message that deny a delivery which is told of behind it. */
const DENYING_BEFORE =
  /^(?:not|never|cannot|unable|[a-z]+n['’]t|duplicates?|dup|ignor(?:e|es|ed|ing))$/;
/** What counts, as in "delivered message 3 from 2 (delayed 12 ms), failed=0", denies nothing. */
const COUNTED = /^\s*(?:(?:by|for)?\s*\d|[=:]\s*(?:0|false|no|none)\b)/;
/** Where messages wait is called after deliveries, too, as in "removed (2, 3) from delivery queue". */
const PLACE = /^[ -](?:queue|buffer|list)\b/i;
/** What several have delivered, or all up to one, as in "(2, 3) delivered by all" and "delivered up to (2, 3)", was told before. */
const BY_OTHERS =
  /^\s*,?\s*(?:everywhere|up\s?to|(?:by|at)\s+(?:all|every\w*|others?|most|(?:a\s+|the\s+)?(?:majority|quorum)))\b/i;
/** What has left a buffer is not in it any more, as in "released (2, 3) from buffer, delivering". */
const LEFT = /\bfrom\s+(?:the\s+|its\s+)?(?:hold-?back\s+)?(?:buffer|queue)$/i;
/** What says of whom or what a message is not, as in "not a duplicate, delivered (2, 3)", denies no delivery. */
const NOT_OF_DELIVERY = /^\s+(?:an?\s+)?(?:own|mine|duplicated?|dup|seen|crashed)\b/i;
/** Words that a short message has as often as a log: behind a message they are rather what it carries. */
const CONTENT = /^(?:hello|token|heartbeat|start(?:ed)?|stop(?:ped)?)$/;
const REPEATING = /^(?:duplicates?|dup|ignor(?:e|es|ed|ing)|discard(?:s|ed|ing)?)$/;
/** Words about messages in general, beside which a delivery is one all the same, as in "total order delivery". */
const NEUTRAL = /^order(?:ed)?$/;
const JOINING = /^(?:and|then|so|hence|thus)$/;

const NOTHING: Saying = { word: '', doubt: null };

/**
 * What was found out of lines, by their texts around and in the span of the message, in which of a number only counts
 * whether it is 0, as in `failed=0`: a program writes few kinds of lines, so that each kind is looked at once.
 */
const known = new Map<string, Saying>();
const KNOWN_MAX = 10_000;

/**
 * What `line` says of the message that stands in it from `start` to `end`. The nearest word before the message
 * decides, and where none is before it the first one behind it: what follows a delivery, such as "ack sent",
 * does not undo it. Words such as "not", "waiting to" and "already" beside a delivery make another happening of
 * it. Where a line says two things of which either may be meant, there is doubt.
 */
export function readSaying(line: string, start: number, end: number): Saying {
  const parts = [line.slice(0, start), line.slice(start, end), line.slice(end)];
  const key = parts
    .join('\n')
    .replace(/[0-9]+/g, (digits) => (digits === '0' ? '0' : '1'))
    .replace(/ {2,}/g, '  ');
  let saying = known.get(key);
  if (saying === undefined) {
    saying = sayingIn(line, start, end);
    if (known.size < KNOWN_MAX) known.set(key, saying);
  }
  return saying;
}

function sayingIn(whole: string, start: number, end: number): Saying {
  const head = whole.slice(0, start).replace(CARRIED_BEFORE, (_, told: string) => told);
  const line = head.padEnd(start) + whole.slice(start);
  const words = wordsOf(line, end);
  const telling = withoutNeutral(
    words.filter((word) => says(word) && !LEFT.test(line.slice(0, word.end))),
  );
  const delivery = telling.find(isDelivery)?.at ?? Infinity;
  const before = telling.filter(({ text, at, end }) => {
    return end <= start && !(at > delivery && text === 'hello');
  });
  const behind = withoutParticiples(
    line,
    telling.filter(({ text, at }) => at >= start && !CONTENT.test(text)),
  );
  const nearest = before.at(-1) ?? behind[0];
  if (nearest === undefined) return NOTHING;
  if (isDelivery(nearest)) return judge(line, words, nearest, start, end);
  const others = [...before, ...behind].filter((word) => word !== nearest && isDelivery(word));
  for (const other of others) {
    // In "deliver: stop (0, 3)" the second word may be what the message carries.
    const isApart = other.end <= nearest.at && boundaryBetween(line, other.end, nearest.at);
    if (isApart && line.charAt(other.end) !== ':') continue;
    if (judge(line, words, other, start, end).word !== other.text) continue;
    return {
      word: nearest.text,
      doubt: `it says "${nearest.text}" and "${other.text}" in one line`,
    };
  }
  return { word: nearest.text, doubt: null };
}

/** What a person is told of a line with a doubt. */
export function doubtfulDelivery(doubt: string): string {
  return (
    `whether this is a delivery cannot be told: ${doubt}, and no other line says that the message was delivered; ` +
    'allowed are lines that say one thing of their message, and a log without the lines, or the field, that tell of ' +
    'something else'
  );
}

/** What a text says without a message in it, such as the value of a field `event`. */
export function sayingOf(text: string): Saying {
  return readSaying(text, text.length, text.length);
}

/** Judges a word that says "deliver" by what stands around it. */
function judge(
  line: string,
  words: readonly Word[],
  delivery: Word,
  start: number,
  end: number,
): Saying {
  const isBefore = delivery.end <= start;
  const first = isBefore ? 0 : delivery.at < end ? start : end;
  const from = clauseStart(line, first, delivery.at);
  const lead = words.filter((word) => word.at >= from && word.end <= delivery.at);
  if (lead.some(({ text }) => DENYING.test(text))) return as(`not ${delivery.text}`);
  if (isPutOff(lead)) return as(`to ${delivery.text}`);
  const doubtful =
    lead.find(({ text }) => DOUBTFUL.test(text)) ??
    otherHappening(lead) ??
    denialBefore(words, Math.min(from, start), isBefore ? DENYING : DENYING_BEFORE) ??
    (isBefore ? denialBetween(words, delivery.end, start) : undefined) ??
    denialBehind(line, words, isBefore ? end : delivery.end);
  const place = PLACE.exec(line.slice(delivery.end));
  if (place !== null) return doubted(delivery, place[0]);
  const others = [delivery.end, end].flatMap((from) => BY_OTHERS.exec(line.slice(from)) ?? []);
  if (others.length > 0) return doubted(delivery, ` ${others[0]!.trim()}`);
  if (doubtful === undefined) return as(delivery.text);
  return { word: delivery.text, doubt: `it says "${doubtful.text}" beside "${delivery.text}"` };
}

function doubted({ text }: Word, behind: string): Saying {
  return { word: text, doubt: `it says "${text}${behind}"` };
}

function as(word: string): Saying {
  return { word, doubt: null };
}

/** Whether the words before a delivery say that it is to come, or that it was before. */
function isPutOff(lead: readonly Word[]): boolean {
  const last = lead.at(-1)?.text ?? '';
  const before = last === 'be' ? (lead.at(-2)?.text ?? '') : last;
  return RIGHT_BEFORE.test(before) || lead.some(({ text }) => DEFERRING.test(text));
}

/** A word before a delivery, with no "and" between them, that says something else, as in "dropped delivery". */
function otherHappening(lead: readonly Word[]): Word | undefined {
  const joined = lead.findLastIndex(({ text }) => JOINING.test(text));
  return lead.slice(joined + 1).find((word) => {
    const happening = happeningOf(word.text);
    return (
      (happening === HAPPENING.other || happening === HAPPENING.arrival) && !NEUTRAL.test(word.text)
    );
  });
}

function denialBefore(words: readonly Word[], to: number, denying: RegExp): Word | undefined {
  return words.find(({ text, end }) => end <= to && denying.test(text));
}

/** A word between a delivery and its message that denies it, as in "delivery failed: (2, 3)". */
function denialBetween(words: readonly Word[], from: number, to: number): Word | undefined {
  return words.find(({ text, at, end }) => {
    return (
      at >= from && end <= to && [DENYING, DOUBTFUL, REPEATING].some((each) => each.test(text))
    );
  });
}

/** A word behind a delivery that denies it: in the same part of the sentence, or that it was a repetition anywhere. */
function denialBehind(line: string, words: readonly Word[], from: number): Word | undefined {
  BOUNDARY.lastIndex = from;
  const boundary = BOUNDARY.exec(line)?.index ?? line.length;
  const colon = line.indexOf(':', from);
  const last = colon < 0 ? line.length : colon;
  return words.find(({ text, at, end }) => {
    if (at < from || at >= last) return false;
    if (REPEATING.test(text)) return true;
    if (at >= boundary || COUNTED.test(line.slice(end))) return false;
    // "Without retransmission" tells how it was delivered, and only before a delivery that it was not.
    return (DENYING.test(text) && text !== 'without') || DENYING_BEHIND.test(text);
  });
}

/** "Sent by" and "received from" tell of the message whose it is, where something else is said of it as well. */
function withoutParticiples(line: string, words: readonly Word[]): readonly Word[] {
  const others = words.filter((word) => {
    return isDelivery(word) || !/^\s+(?:by|from)\b/i.test(line.slice(word.end, word.end + 8));
  });
  return others.length > 0 ? others : words;
}

/** Where the part of a sentence begins that `at` is in. */
function clauseStart(line: string, from: number, at: number): number {
  let start = from;
  BOUNDARY.lastIndex = from;
  for (let match = BOUNDARY.exec(line); match !== null && match.index < at;) {
    start = match.index + match[0].length;
    match = BOUNDARY.exec(line);
  }
  return start;
}

function boundaryBetween(line: string, from: number, to: number): boolean {
  return clauseStart(line, from, to) > from;
}

/** Leaves out what is said of messages in general, where a delivery is told of as well. */
function withoutNeutral(words: readonly Word[]): readonly Word[] {
  return words.some(isDelivery) ? words.filter(({ text }) => !NEUTRAL.test(text)) : words;
}

function says({ text }: Word): boolean {
  return happeningOf(text) !== HAPPENING.unsaid;
}

function isDelivery({ text }: Word): boolean {
  return happeningOf(text) === HAPPENING.delivery;
}

/** The words of a line, in small letters; without those that a message carries in quotes, which hardly tell what happened. */
function wordsOf(line: string, end: number): Word[] {
  const carried = [...line.matchAll(CARRIED)].map(({ index, 0: text }) => {
    return [index, index + text.length] as const;
  });
  const [outside, quoted]: [Word[], Word[]] = [[], []];
  for (const { index: at, 0: text } of line.matchAll(WORD)) {
    if (/^not$/i.test(text) && NOT_OF_DELIVERY.test(line.slice(at + text.length))) continue;
    const isQuoted = carried.some(([from, to]) => at >= from && at < to);
    const word = { text: text.toLowerCase(), at, end: at + text.length };
    if (!isQuoted) outside.push(word);
    else if (at < end) quoted.push(word);
  }
  if (quoted.length === 0 || outside.some(isDelivery)) return outside;
  return [...outside, ...quoted].sort((one, other) => one.at - other.at);
}
