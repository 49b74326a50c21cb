import { type Choice, formatChoice, withoutTime } from '../choices/choice.ts';

/**
 * A game in which somebody is the network: what was chosen, and what was taken back. With its setup that is all of
 * it, so that it can be kept, shared and replayed. It changes by the functions below alone, which leave whatever
 * else a game has (its setup, its branches) as it is.
 */
export interface Game {
  readonly choices: readonly Choice[];
  /** Choices that were taken back, the last one first to be taken again. */
  readonly undone: readonly Choice[];
}

/** One more step. What had been taken back is forgotten, unless this is the same step again, at whatever time. */
export function takeChoice<G extends Game>(game: G, choice: Choice): G {
  const [next, ...later] = game.undone;
  if (next === undefined || textOf(next) !== textOf(choice)) {
    return { ...game, choices: [...game.choices, choice], undone: [] };
  }
  return { ...game, choices: [...game.choices, next], undone: later };
}

function textOf(choice: Choice): string {
  return formatChoice(withoutTime(choice));
}

/** Takes the last step back. */
export function undoChoice<G extends Game>(game: G): G {
  return goBackTo(game, game.choices.length - 1);
}

/** Takes again what was taken back last. */
export function redoChoice<G extends Game>(game: G): G {
  const [next, ...undone] = game.undone;
  return next === undefined ? game : { ...game, choices: [...game.choices, next], undone };
}

/** Takes steps back, or those that were taken back again, until there are `count`, or as many as there were. */
export function goToStep<G extends Game>(game: G, count: number): G {
  const { choices, undone } = game;
  const more = undone.slice(0, Math.max(0, count - choices.length));
  const all = [...choices, ...more];
  return goBackTo({ ...game, choices: all, undone: undone.slice(more.length) }, count);
}

/** Takes back everything after the first `count` steps. */
export function goBackTo<G extends Game>(game: G, count: number): G {
  const kept = Math.max(0, Math.min(count, game.choices.length));
  return {
    ...game,
    choices: game.choices.slice(0, kept),
    undone: [...game.choices.slice(kept), ...game.undone],
  };
}
