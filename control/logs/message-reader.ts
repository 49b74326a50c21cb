import type { Fields } from './fields/choose-fields.ts';
import { denialOf, isAffirmed } from './fields/denials.ts';
import { deliveringLayer, happeningOf, HAPPENING, type Happening } from './fields/happenings.ts';
import { type Field, isRemark, nameField } from './fields/sample.ts';
import { doubtfulDelivery, sayingOf, type Saying } from './fields/sayings.ts';
import { NO_NUMBER, NO_SENDER, type LogColumns } from './log-columns.ts';
import type { SenderNames } from './senders/sender-names.ts';
import { addComposite } from './text/composite.ts';
import { CELL, type Row } from './text/row.ts';

const SENDER = 'a sender, which is a whole number from 0 or a name';
const NUMBER = `the number of a message, a whole one from 0 to ${Number.MAX_SAFE_INTEGER}`;

/** How many different texts of one field are remembered. */
const SAYINGS_MAX = 10_000;

/** Takes sender and number out of each message. */
export class MessageReader {
  /** How many lines were left out because their texts tell of something else. */
  leftOut = 0;
  readonly #columns: LogColumns;
  readonly #senders: SenderNames;
  readonly #fields: Fields;
  /** Where the named fields were in the last message: they are mostly there again. */
  readonly #places = new Map<Field, number>();
  /** What the values of the field say that tells what happened. */
  readonly #sayings = new Map<string, Saying>();
  /** The word that said of the last delivery that it is one. */
  #deliveryWord = '';
  /** Why it is doubtful that the message being read was delivered, though it says so; `''` for nothing. */
  #doubt = '';
  /** Where the sender of the message being read is, and the number behind it, if one field has both; -1 elsewhere. */
  #identity = -1;

  constructor(columns: LogColumns, senders: SenderNames, fields: Fields) {
    this.#columns = columns;
    this.#senders = senders;
    this.#fields = fields;
  }

  read(row: Row): boolean {
    this.#split(row);
    const happening = this.#happening(row);
    if (this.#doubt !== '') this.#readDoubtful(row);
    else if (happening === HAPPENING.multicast) this.#readMulticast(row);
    else if (this.#isOther(row, happening)) this.leftOut += 1;
    else if (this.#mayLack(happening) && !this.#isReadable(row)) {
      this.#columns.append(NO_SENDER, NO_NUMBER, HAPPENING.other, row.at);
    } else {
      this.#columns.append(this.#sender(row), this.#number(row), happening, row.at);
    }
    return true;
  }

  /** Adds the cells of sender and number to a message that has both in one field. */
  #split(row: Row): void {
    const { sender, number } = this.#fields;
    this.#identity = -1;
    if (sender !== number) return;
    const place = this.#find(row, sender);
    if (!row.has(place)) return;
    const start = row.start(place);
    if (addComposite(row, start, start + row.raw(place).length)) this.#identity = row.count - 2;
  }

  #happening(row: Row): Happening {
    this.#doubt = row.doubt;
    const happening = this.#happeningSaid(row);
    const { denials } = this.#fields;
    if (denials.length === 0 || this.#doubt !== '') return happening;
    if (happening !== HAPPENING.delivery && happening !== HAPPENING.unsaid) return happening;
    this.#doubt = denialOf(row, denials);
    return this.#doubt === '' && isAffirmed(row, denials) ? HAPPENING.delivery : happening;
  }

  /** What may be no delivery has to be a message all the same, so that other lines may tell whether it was delivered. */
  #readDoubtful(row: Row): void {
    if (!this.#isReadable(row)) throw row.source.error(row.at, doubtfulDelivery(this.#doubt));
    this.#columns.doubts.set(row.at, this.#doubt);
    this.#columns.append(this.#sender(row), this.#number(row), HAPPENING.deferred, row.at);
  }

  #happeningSaid(row: Row): Happening {
    if (row.word !== '') {
      const happening = this.#happeningBy(row.word, row.at);
      if (happening !== HAPPENING.unsaid) return happening;
    }
    const { happening } = this.#fields;
    const place = happening === null ? -1 : this.#find(row, happening);
    return row.has(place) ? this.#happeningBy(this.#wordIn(row, place), row.at) : HAPPENING.unsaid;
  }

  /** The word of a field that says what happened, such as "delivered" of "message delivered". */
  #wordIn(row: Row, place: number): string {
    const text = row.raw(place);
    if (happeningOf(text) !== HAPPENING.unsaid) return text;
    let saying = this.#sayings.get(text);
    if (saying === undefined) {
      saying = sayingOf(text);
      if (this.#sayings.size < SAYINGS_MAX) this.#sayings.set(text, saying);
    }
    this.#doubt ||= saying.doubt ?? '';
    return saying.word;
  }

  #happeningBy(word: string, at: number): Happening {
    const happening = happeningOf(word);
    if (happening === HAPPENING.delivery && word !== this.#deliveryWord) {
      this.#deliveryWord = word;
      this.#columns.noteLayer(deliveringLayer(word), at);
    }
    return happening;
  }

  /**
   * Whether a message may lack a sender or a number, because it is said to be something else than a
   * delivery.
   */
  #mayLack(happening: Happening): boolean {
    if (happening === HAPPENING.unsaid) return this.#fields.happening !== null;
    return happening !== HAPPENING.delivery;
  }

  /** Whether a text tells of something else than a message, and no number may be that of one, as where a program starts. */
  #isOther(row: Row, happening: Happening): boolean {
    if (happening !== HAPPENING.unsaid || typeof this.#fields.sender !== 'string') return false;
    return !row.has(this.#senderPlace(row)) && !row.has(this.#numberPlace(row)) && isRemark(row);
  }

  /**
   * Reads a line such as `b 3`, whose message is the writer's own; the sender may stand there
   * nevertheless.
   */
  #readMulticast(row: Row): void {
    const { sender } = this.#fields;
    const isShort = typeof sender === 'number' && row.count === row.preamble + 1;
    const place = isShort ? row.preamble : this.#numberPlace(row);
    const from = isShort ? -1 : this.#senderPlace(row);
    const isThere = isSender(row, from);
    this.#columns.append(
      isThere ? this.#senders.placeIn(row, from) : NO_SENDER,
      this.#numberAt(row, place),
      HAPPENING.multicast,
      row.at,
    );
  }

  #isReadable(row: Row): boolean {
    const number = this.#numberPlace(row);
    return (
      isSender(row, this.#senderPlace(row)) && row.has(number) && row.kind(number) === CELL.whole
    );
  }

  #sender(row: Row): number {
    const place = this.#senderPlace(row);
    if (isSender(row, place)) return this.#senders.placeIn(row, place);
    throw this.#missing(row, place, this.#fields.sender, SENDER);
  }

  #number(row: Row): number {
    return this.#numberAt(row, this.#numberPlace(row));
  }

  #numberAt(row: Row, place: number): number {
    if (row.has(place) && row.kind(place) === CELL.whole) {
      const number = row.whole(place);
      if (number !== Infinity) return number;
    }
    throw this.#missing(row, place, this.#fields.number, NUMBER);
  }

  #senderPlace(row: Row): number {
    return this.#identity < 0 ? this.#find(row, this.#fields.sender) : this.#identity;
  }

  #numberPlace(row: Row): number {
    return this.#identity < 0 ? this.#find(row, this.#fields.number) : this.#identity + 1;
  }

  #find(row: Row, field: Field): number {
    if (typeof field === 'number') return field;
    const place = row.find(field, this.#places.get(field) ?? 0);
    this.#places.set(field, place);
    return place;
  }

  #missing(row: Row, place: number, field: Field, allowed: string) {
    const { source } = row;
    if (row.has(place)) {
      const found = JSON.stringify(row.raw(place).slice(0, 40));
      return source.error(row.start(place), `found ${found}; allowed is ${allowed}`);
    }
    const fields = `${row.count} ${row.count === 1 ? 'field' : 'fields'} only`;
    const where = typeof field === 'string' ? `no field ${nameField(field)}` : fields;
    return source.error(row.at, `found ${where} in this message; needed is ${allowed}`);
  }
}

function isSender(row: Row, place: number): boolean {
  if (!row.has(place)) return false;
  const kind = row.kind(place);
  return kind === CELL.whole || kind === CELL.text;
}
