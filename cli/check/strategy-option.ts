import { InvalidArgumentError } from 'commander';
import {
  parseStrategy,
  STRATEGIES_ALLOWED,
  type Strategy,
} from '../../simulation/check/strategy/strategy.ts';

/** A parser of strategies for commander. */
export function strategyFrom(text: string): Strategy {
  try {
    return parseStrategy(text);
  } catch {
    throw new InvalidArgumentError(`Allowed: ${STRATEGIES_ALLOWED}.`);
  }
}
