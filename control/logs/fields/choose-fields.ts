import { CELL, INNER } from '../text/row.ts';
import type { LogError } from '../text/log-text.ts';
import {
  happeningNames,
  numberNames,
  senderNames,
  senderRank,
  textNames,
  timeNames,
} from './field-names.ts';
import { findDenials, type Denial } from './denials.ts';
import { happeningOf, HAPPENING } from './happenings.ts';
import { type Field, fieldsFlag, nameField, type Sample } from './sample.ts';
import { sayingOf } from './sayings.ts';

/** Which fields of a log's messages count. */
export interface Fields {
  readonly sender: Field;
  readonly number: Field;
  /** The field that says whether this is a delivery; `null` without one. */
  readonly happening: Field | null;
  /** The fields that may deny it. */
  readonly denials: readonly Denial[];
  /**
   * How the fields were found. Fields that were `told`, or that have a `name`, are taken as they are.
   * Fields that stand `first`, or elsewhere as a `guess`, must also make sense as a sender and a
   * number.
   */
  readonly by: 'told' | 'name' | 'first' | 'guess';
}

/**
 * The fields of a log's messages that are the sender and the number: those that were told (names, or
 * places counted from 1), those whose names say so, or else the first two.
 * @throws LogError that says why none can be taken, and which flag would tell them.
 */
export function chooseFields(sample: Sample, told: readonly [string, string] | null): Fields {
  const fields =
    told !== null
      ? toldFields(sample, told)
      : sample.names.length > 0
        ? namedFields(sample)
        : unnamedFields(sample);
  const denials = findDenials(sample).filter(({ field }) => {
    return field !== fields.happening && field !== fields.sender && field !== fields.number;
  });
  return { ...fields, denials };
}

type ChosenFields = Omit<Fields, 'denials'>;

function toldFields(sample: Sample, told: readonly [string, string]): ChosenFields {
  const [sender, number] = told.map((name): Field => {
    const known = [name, INNER + name].find((each) => sample.names.includes(each));
    if (known !== undefined) return known;
    const [inner, second] = sample.names.filter((each) => {
      return each.startsWith(INNER) && each.endsWith(INNER + name);
    });
    if (second !== undefined) {
      throw refusal(sample, `is "${name}" the field ${list([inner!, second], 'or')}? ${WHICH}`);
    }
    if (inner !== undefined) return inner;
    if (/^[1-9]\d?$/.test(name)) return Number(name) - 1;
    if (sample.names.length === 0) {
      throw refusal(
        sample,
        `the fields have no names, so that "${name}" cannot be found; allowed are places such as ` +
          '--fields 1,2',
      );
    }
    throw refusal(sample, `no field is called "${name}"; there are ${list(sample.names)}`);
  }) as [Field, Field];
  return { sender, number, happening: namedHappening(sample), by: 'told' };
}

function namedFields(sample: Sample): ChosenFields {
  const happening = namedHappening(sample);
  const names = chooseObject(
    sample,
    sample.names.filter((name) => name !== happening),
  );
  const identity = findIdentity(sample, names);
  if (identity !== null) return { sender: identity, number: identity, happening, by: 'name' };
  const sender = oneOf(sample, 'sender', senderNames(names));
  const others = names.filter((name) => name !== sender);
  const number = oneOf(sample, 'number', withNumbers(sample, numberNames(others)));
  return { sender, number, happening, by: 'name' };
}

/**
 * The one field that holds sender and number of each message, as in `{"node": 0, "id": "P1-3"}`; `null` without one, where a
 * field is sure to be the sender, and where all begin alike, as "msg-3" does.
 */
function findIdentity(sample: Sample, names: readonly string[]): string | null {
  if (senderRank(names) === 0) return null;
  const [found, second] = names.filter((name) => sample.isIdentity(name));
  return second === undefined ? (found ?? null) : null;
}

/** Objects that carry what an application does, or who receives, and not the message: `{"sender": 1, "seq": 2, "op": {...}}`. */
const OPERATION =
  /^\.(?:receiver|recipient|to|dest|destination|op|operation|command|cmd|action|args|arguments|params|parameters|transaction|tx|meta|metadata)\./i;
/** Objects that may be either, unless it is the outer sender who is called so, and the inner one is not. */
const CONTENT = /^\.(?:payload|data|body|content|value)\./i;
const AUTHOR = /^(?:.*\.)?(?:sender|orig|author)/i;

/**
 * The names of the object that has both sender and number: of the message itself, or of one inside it. The outer
 * `node` of `{"node": 0, "msg": {"node": 1, "seq": 3}}` is the receiver, so that a sender of one object and a number of
 * another are never taken together.
 */
function chooseObject(sample: Sample, names: readonly string[]): readonly string[] {
  const objects = [...new Set(names.map(ownerOf))].map((owner) => {
    return names.filter((name) => ownerOf(name) === owner);
  });
  if (objects.length < 2) return names;
  const whole = objects.filter((object) => isComplete(object, (name) => sample.isWhole(name)));
  const named = whole.length > 0 ? whole : objects.filter((object) => isComplete(object));
  const own = named.filter(([name]) => !OPERATION.test(name!));
  const complete = own.length > 0 ? own : named;
  const outer = complete.find(([name]) => ownerOf(name!) === '');
  const rivals = complete.filter((object) => object !== outer && !isCarried(object, outer ?? []));
  if (complete.length > 1 && (outer === undefined || rivals.length > 0 || senderRank(outer) > 0)) {
    throw severalObjects(sample, complete);
  }
  const chosen = outer ?? complete[0];
  if (chosen === undefined) {
    const { sender, numbers } = pairOf(names);
    const [number] = numbers;
    if (sender === undefined || number === undefined) return names;
    throw refusal(
      sample,
      `${list([sender, number])} ${APART}; ${WHICH}, such as ${fieldsFlag([sender, number])}`,
    );
  }
  const better = objects.find((object) => {
    return !isCarried(object, chosen) && senderRank(object) < senderRank(chosen);
  });
  if (better === undefined) return chosen;
  const senders = [senderNames(chosen)[0]!, senderNames(better)[0]!];
  throw refusal(sample, `is the sender ${list(senders, 'or')}? ${WHICH}`);
}

const APART = 'stand in different objects, so that they may be those of different messages';

/** Whether an object is what a message carries, rather than the message. */
function isCarried(object: readonly string[], outer: readonly string[]): boolean {
  if (OPERATION.test(object[0]!)) return true;
  const [sender, other] = [senderNames(outer)[0] ?? '', senderNames(object)[0] ?? ''];
  return CONTENT.test(object[0]!) && AUTHOR.test(sender) && !AUTHOR.test(other);
}

function ownerOf(name: string): string {
  return name.startsWith(INNER) ? name.slice(0, name.lastIndexOf(INNER) + 1) : '';
}

/** Whether an object has a sender, and beside it a number that `isNumber` accepts. */
function isComplete(object: readonly string[], isNumber = (_name: string) => true): boolean {
  const { sender, numbers } = pairOf(object);
  return sender !== undefined && numbers.some(isNumber);
}

/** The best name of a sender, and the names that may be those of the number beside it. */
function pairOf(names: readonly string[]) {
  const [sender] = senderNames(names);
  return { sender, numbers: numberNames(names.filter((name) => name !== sender)) };
}

/** How many of several pairs are shown. */
const PAIRS_SHOWN_MAX = 3;

function severalObjects(sample: Sample, objects: readonly (readonly string[])[]): LogError {
  const pairs = objects.map((object) => {
    const { sender, numbers } = pairOf(object);
    return [sender!, numbers[0]!] as const;
  });
  const told = pairs.slice(0, PAIRS_SHOWN_MAX).map((pair) => list(pair));
  return refusal(
    sample,
    `are sender and number ${told.join(', or ')}? ${WHICH}, such as ${fieldsFlag(pairs.at(-1)!)}`,
  );
}

/** Of several names that might be the number's, leaves out those whose fields hold text. */
function withNumbers(sample: Sample, names: string[]): string[] {
  const whole = names.filter((name) => sample.isWhole(name));
  return whole.length > 0 ? whole : names;
}

const WHICH = 'allowed is --fields SENDER,NUMBER with the names of the two that count';

function oneOf(sample: Sample, what: 'sender' | 'number', names: readonly string[]): string {
  if (names.length === 1) return names[0]!;
  if (names.length > 1) throw refusal(sample, `is the ${what} ${list(names, 'or')}? ${WHICH}`);
  const times = what === 'number' ? timeNames(sample.names) : [];
  const known = `the ${sample.names.length === 1 ? 'field is' : 'fields are'} ${list(sample.names)}`;
  const [first] = times;
  const time =
    first === undefined ? '' : `; ${nameField(first)} is a time, and no number of a message`;
  throw refusal(
    sample,
    `found no ${what} of a message: ${known}${time}; ${WHICH}${aboutText(sample)}`,
  );
}

const BEGINNING_OF_LIST = /^\[\s*[[{]/;

/** What to do where a field of JSON holds a list, or what a program printed, as journals and containers have it; `''` elsewhere. */
function aboutText({ source, at, names, values }: Sample): string {
  const found = names.find((name) => {
    return [...values.get(name)!].some((value) => {
      const isLine = /\d/.test(value) && happeningOf(sayingOf(value).word) === HAPPENING.delivery;
      return isLine || BEGINNING_OF_LIST.test(value);
    });
  });
  if (found === undefined || source.text.charAt(at) !== '{') return '';
  const path = found.startsWith(INNER) ? found : INNER + found;
  return `. What ${nameField(found)} has may be a log by itself: jq -r '${path}' takes it out`;
}

/**
 * The field that says what happened, if any has a word for it: rather one that tells of deliveries. What a logging
 * library calls the message of a line does so if each says something, and one of a delivery: it may be what somebody
 * sent.
 */
function namedHappening(sample: Sample): string | null {
  const names = happeningNames(sample.names);
  const said = (name: string) =>
    [...sample.values.get(name)!].map((value) => happeningOf(sayingOf(value).word));
  const texts = textNames(sample.names).filter((name) => {
    return said(name).every((happening) => happening !== HAPPENING.unsaid);
  });
  return (
    names.find((name) => said(name).includes(HAPPENING.delivery)) ??
    texts.find((name) => said(name).includes(HAPPENING.delivery)) ??
    names.find((name) => said(name).some((happening) => happening !== HAPPENING.unsaid)) ??
    null
  );
}

function unnamedFields(sample: Sample): ChosenFields {
  const { first, preamble, saysFirst, hasWord } = sample;
  const hasWordField = saysFirst && first.length >= preamble + 3;
  const happening = hasWordField ? preamble : null;
  const begin = preamble + (hasWordField ? 1 : 0);
  // A decimal number is neither sender nor number: in front of them, it is a time.
  const isTime = first[begin]?.kind === CELL.number && /^\d/.test(first[begin].text);
  const place = isTime && first.length >= begin + 3 ? begin + 1 : begin;
  const [sender, number] = [first[place], first[place + 1]];
  if (sender?.kind === CELL.whole && number?.kind === CELL.text) {
    return { sender: place + 1, number: place, happening, by: 'guess' };
  }
  const isBehindTime = place > begin || (preamble > 0 && !hasWord);
  return { sender: place, number: place + 1, happening, by: isBehindTime ? 'guess' : 'first' };
}

function refusal({ source, at }: Sample, message: string): LogError {
  return source.error(at, message);
}

function list(names: readonly string[], last = 'and'): string {
  const quoted = names.map(nameField);
  if (quoted.length === 1) return quoted[0]!;
  return `${quoted.slice(0, -1).join(', ')} ${last} ${quoted.at(-1)!}`;
}
