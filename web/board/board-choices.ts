import type { Create } from '../../core/ordering.ts';
import type { Choice } from '../../simulation/choices/choice.ts';
import { recordChoices } from '../../simulation/play/record-choices.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { boardScenario } from './board-scenario.ts';
import { BOARD_LIMITS } from './board-state.ts';

/**
 * A run of the simulator as a game of the board with `boardScenario`; `null` where the board, or a link, has no room
 * for it.
 */
export function boardChoices(create: Create, scenario: Scenario): Choice[] | null {
  const { peers, messages } = scenario;
  if (peers > BOARD_LIMITS.peers.max || messages > BOARD_LIMITS.messages.max) return null;
  const { choices } = recordChoices(create, scenario, boardScenario(scenario));
  return choices.length > BOARD_LIMITS.choicesMax ? null : [...choices];
}
