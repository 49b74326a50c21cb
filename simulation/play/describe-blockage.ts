import type { Blockage } from '../../core/ordering.ts';

/**
 * A sentence such as `(1,3) waits for a word of peer 2`: the message as (sender, sequence), and whose word is
 * missing. Not every ordering tells whose.
 */
export function describeBlockage({ sender, sequence, waitsFor }: Blockage): string {
  const message = `(${sender},${sequence})`;
  if (waitsFor.length === 0) return `${message} waits for a word of others`;
  return `${message} waits for a word of ${waitsFor.map((peer) => `peer ${peer}`).join(', ')}`;
}
