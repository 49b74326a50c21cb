import { type Choice, formatChoice, messagesIn, parseChoice } from '../choice.ts';

/** Above these bits of a code stands how late the step comes; below, which step it is. */
const STEP_BITS = 26;
const STEP_MASK = (1 << STEP_BITS) - 1;
/** In the text of a code, before how late it comes. */
const LATE = ' late ';

/**
 * Numbers for the choices that need no fault, so that a search has lists of numbers where it would have sets of
 * objects. In this order: multicasts, deadlines, channels that close, and arrivals, the first ones of all paths first.
 * The same step at another time is another choice: lateness 1 is the first of `LATENESSES_US`, and so on; 0 is in time.
 */
export class ChoiceCodes {
  readonly #peers: number;
  readonly #paths: number;
  readonly #closings: number;
  readonly #arrivals: number;

  constructor(peers: number) {
    this.#peers = peers;
    this.#paths = peers * peers;
    this.#closings = 2 * peers;
    this.#arrivals = this.#closings + this.#paths;
  }

  multicast(member: number): number {
    return member;
  }

  fire(member: number): number {
    return this.#peers + member;
  }

  close(from: number, to: number): number {
    return this.#closings + from * this.#peers + to;
  }

  /** The arrival of packet number `number`, counted from 0, of those on a path, which is `from * peers + to`. */
  deliver(path: number, number: number): number {
    return this.#arrivals + number * this.#paths + path;
  }

  /** The same step, but late. */
  late(code: number, lateness: number): number {
    return (code & STEP_MASK) | (lateness << STEP_BITS);
  }

  latenessOf(code: number): number {
    return code >>> STEP_BITS;
  }

  isMulticast(code: number): boolean {
    return (code & STEP_MASK) < this.#peers;
  }

  isFire(code: number): boolean {
    const step = code & STEP_MASK;
    return step >= this.#peers && step < this.#closings;
  }

  isArrival(code: number): boolean {
    return (code & STEP_MASK) >= this.#arrivals;
  }

  isClosing(code: number): boolean {
    const step = code & STEP_MASK;
    return step >= this.#closings && step < this.#arrivals;
  }

  /** The member at which the step happens. */
  memberOf(code: number): number {
    const step = code & STEP_MASK;
    return step < this.#closings ? step % this.#peers : (step - this.#closings) % this.#peers;
  }

  /** The path of an arrival or of a channel that closes: `from * peers + to`. */
  pathOf(code: number): number {
    return ((code & STEP_MASK) - this.#closings) % this.#paths;
  }

  /** The member that sent what arrives, or whose channel closes. */
  senderOf(code: number): number {
    return Math.floor(this.pathOf(code) / this.#peers);
  }

  /** The number of the packet that arrives, of those on its path. */
  numberOf(code: number): number {
    return Math.floor(((code & STEP_MASK) - this.#arrivals) / this.#paths);
  }

  /** The code of a packet's arrival by its name, such as `0>1#2`. */
  arrivalOf(name: string): number {
    const [from, to, number] = name.split(/[>#]/).map(Number);
    return this.deliver(from! * this.#peers + to!, number!);
  }

  /** A code as a text: the choice, and how late it comes if it does. */
  textOf(code: number): string {
    const lateness = this.latenessOf(code);
    const text = formatChoice(this.choiceOf(code));
    return lateness === 0 ? text : `${text}${LATE}${lateness}`;
  }

  /** The code of a text. @throws RangeError for one that `textOf` does not make. */
  fromText(text: string): number {
    const [choice = '', lateness] = text.split(LATE);
    const code = this.codeOf(parseChoice(choice));
    return lateness === undefined ? code : this.late(code, Number(lateness));
  }

  /** The code of a step that comes in time. @throws RangeError for a choice that has no number, such as a fault. */
  codeOf(choice: Choice): number {
    switch (choice.act) {
      case 'multicast':
        if (messagesIn(choice) > 1) throw new RangeError('a search takes one message at a time');
        return this.multicast(choice.member);
      case 'fire':
        return this.fire(choice.member);
      case 'close':
        return this.close(choice.from, choice.to);
      case 'deliver':
        return this.arrivalOf(choice.packet);
      default:
        throw new RangeError(`a search takes no step of the kind ${choice.act}`);
    }
  }

  /** The choice that a code stands for, without its time. */
  choiceOf(code: number): Choice {
    const member = this.memberOf(code);
    if (this.isMulticast(code)) return { act: 'multicast', member };
    if (this.isFire(code)) return { act: 'fire', member };
    const from = this.senderOf(code);
    if (this.isClosing(code)) return { act: 'close', from, to: member };
    return { act: 'deliver', packet: `${from}>${member}#${this.numberOf(code)}` };
  }
}
