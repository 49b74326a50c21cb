import { reliable } from '../../core/channels/reliable-link.ts';
import type { Message } from '../../core/message.ts';
import { GatedBase } from './gated-base.ts';

/** The same for all members, whoever has computed it. */
const DIGITS = Object.freeze(['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven']);

/** Filled as names are asked for. */
const names = new Map<number, string>();

function nameOf(sender: number): string {
  const known = names.get(sender);
  if (known !== undefined) return known;
  const name = DIGITS[sender] ?? `member ${sender}`;
  names.set(sender, name);
  return name;
}

class TablesOfTheModule extends GatedBase {
  readonly #delivered = new Set<string>();

  protected override arrived(_now: number, message: Message): void {
    const name = `${nameOf(message.sender)} ${message.sequence}`;
    if (this.#delivered.has(name)) return;
    this.#delivered.add(name);
    this.out.deliver(message);
  }
}

export const create = reliable((group, out) => new TablesOfTheModule(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];
