import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { checkScenario } from '../../simulation/check/check-scenario.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { MEANINGS } from '../check/meanings.ts';
import { wrap } from '../render/table.ts';

/**
 * What `mpcomm check` finds in a scenario whose comparison shows nothing broken, as text for a person; `null` for nothing.
 * The comparison leaves open what a run lacks that was cut off by its end, and does not ask whether an ordering waits for
 * the end, or ever calms down; check goes on where something may still come, and knows what never does. `step` is told now
 * and then that the ordering came back.
 */
export function judgeAsCheck(
  entry: OrderingEntry,
  scenario: Scenario,
  step?: () => void,
): string | null {
  const mayGoOn = (): boolean => {
    step?.();
    return true;
  };
  const { findings } = checkScenario(entry, scenario, { mayGoOn });
  if (findings.length === 0) return null;
  const texts = findings.map(({ name, text }) => wrap(`${name} (${MEANINGS[name]}): ${text}`));
  return [
    wrap(
      `As mpcomm check judges this scenario, ${entry.name} breaks what the comparison leaves open:`,
      '',
    ),
    ...texts,
  ].join('\n');
}
