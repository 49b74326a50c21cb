import type { Message } from '../../core/message.ts';
import type { Create } from '../../core/ordering.ts';
import type { Choice } from '../choices/choice.ts';
import { ChosenRun } from '../choices/chosen-run.ts';
import { chosenScenario } from '../choices/chosen-setup.ts';
import type { Observer } from '../observers/observer.ts';
import type { Scenario } from '../scenario.ts';
import { simulate } from '../simulate.ts';

/** A packet of the timed run, by the name that it has in a game. */
interface NamedPacket {
  readonly name: string;
  readonly message: Message;
  readonly arrivesAtUs: number;
}

/** Writes a timed run down as the choices that make the same of it in a game. */
class ChoiceRecorder implements Observer {
  readonly choices: Choice[] = [];
  readonly #sent = new Map<string, number>();
  readonly #flying = new Map<string, NamedPacket[]>();

  multicast(_atUs: number, member: number): void {
    this.choices.push({ act: 'multicast', member });
  }

  advance(_atUs: number, member: number): void {
    this.choices.push({ act: 'fire', member });
  }

  crash(_atUs: number, member: number): void {
    this.choices.push({ act: 'crash', member });
  }

  send(_atUs: number, from: number, to: number, message: Message, arrivesAtUs: number): void {
    const path = `${from}>${to}`;
    const number = this.#sent.get(path) ?? 0;
    this.#sent.set(path, number + 1);
    this.#put(path, { name: `${path}#${number}`, message, arrivesAtUs });
  }

  repeat(_atUs: number, from: number, to: number, message: Message, arrivesAtUs: number): void {
    const path = `${from}>${to}`;
    const original = `${path}#${(this.#sent.get(path) ?? 1) - 1}`;
    this.choices.push({ act: 'repeat', packet: original });
    this.#put(path, { name: `${original}+1`, message, arrivesAtUs });
  }

  arrive(atUs: number, from: number, to: number, message: Message): void {
    const name = this.#take(`${from}>${to}`, message, atUs);
    if (name !== null) this.choices.push({ act: 'deliver', packet: name });
  }

  drop(_atUs: number, from: number, to: number, message: Message): void {
    const name = this.#take(`${from}>${to}`, message, Infinity);
    if (name !== null) this.choices.push({ act: 'lose', packet: name });
  }

  #put(path: string, packet: NamedPacket): void {
    const flying = this.#flying.get(path);
    if (flying === undefined) this.#flying.set(path, [packet]);
    else flying.push(packet);
  }

  #take(path: string, message: Message, atUs: number): string | null {
    const flying = this.#flying.get(path) ?? [];
    const place = flying.findIndex((each) => each.message === message && each.arrivesAtUs <= atUs);
    return place < 0 ? null : flying.splice(place, 1)[0]!.name;
  }
}

/**
 * A run of the simulator as a game: the same steps at the same members in the same order. A game knows no time, so
 * that an ordering whose timers go off may do otherwise there; what is not possible there is left out. `null` where
 * the game would be longer than `choicesMax`.
 */
export function recordChoices(
  create: Create,
  scenario: Scenario,
  choicesMax = Infinity,
): Choice[] | null {
  const recorder = new ChoiceRecorder();
  simulate(create, scenario, recorder, { eventsMax: 200_000 });
  const run = new ChosenRun(create, chosenScenario(scenario));
  for (const choice of recorder.choices) if (run.allows(choice)) run.take(choice);
  return run.taken.length > choicesMax ? null : [...run.taken];
}
