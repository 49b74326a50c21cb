import type { HowFar, SimulationOptions } from '../simulation-result.ts';

const EVENTS_MAX_DEFAULT = 2_000_000_000;
/** How many events pass between two questions whether a run may go on, as asking costs more than an event. */
const EVENTS_PER_QUESTION_DEFAULT = 256;

/** How many events a run may have, by number and by the word of whoever wants it to end. */
export class EventLimits {
  readonly #eventsMax: number;
  readonly #eventsPerQuestion: number;
  readonly #mayGoOn: (run: HowFar) => boolean;

  constructor({
    eventsMax = EVENTS_MAX_DEFAULT,
    eventsPerQuestion = EVENTS_PER_QUESTION_DEFAULT,
    mayGoOn = () => true,
  }: SimulationOptions) {
    this.#eventsMax = eventsMax;
    this.#eventsPerQuestion = eventsPerQuestion;
    this.#mayGoOn = mayGoOn;
  }

  /** Why `run` ends here; `null`: it goes on. */
  endOf(run: HowFar): 'stuck' | 'interrupted' | null {
    const { events } = run;
    if (events >= this.#eventsMax) return 'stuck';
    return events % this.#eventsPerQuestion === 0 && !this.#mayGoOn(run) ? 'interrupted' : null;
  }
}
