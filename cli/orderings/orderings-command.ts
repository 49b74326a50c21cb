import { ORDERINGS } from '../../core/orderings/registry.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/failure.ts';
import { wrap } from '../render/table.ts';

/** `mpcomm orderings`: what can be run, and what each one promises. */
export function orderingsCommand({ terminal }: Context, options: { json?: boolean }): number {
  if (options.json === true) {
    const entries = [...ORDERINGS.values()].map((entry) => ({
      name: entry.name,
      summary: entry.summary,
      guarantees: entry.guarantees,
      retransmits: entry.retransmits,
      survives: entry.survives,
    }));
    terminal.data(JSON.stringify(entries, null, 2));
    return EXIT.done;
  }
  const paragraphs = [...ORDERINGS.values()].map((entry) => {
    const crashes = entry.survives === 'none' ? 'no crash' : 'crashes of a minority';
    return [
      terminal.paint.bold(entry.name),
      wrap(entry.summary),
      wrap(`guarantees: ${entry.guarantees.join(', ')}`),
      wrap(`${entry.retransmits ? 'recovers' : 'does not recover'} losses; survives ${crashes}`),
    ].join('\n');
  });
  terminal.data(paragraphs.join('\n'));
  return EXIT.done;
}
