import { describe, expect, test } from '@jest/globals';
import { foldFindings } from '../../../cli/render/fold-findings.ts';

const about = (peer: number, what: string): string =>
  `Peer ${peer} (peer-${peer} in us-west1-b) ${what}`;

describe('findings that say the same', () => {
  test('of many peers stand once, with who they are, where the first of them stood', () => {
    const stopped = Array.from({ length: 12 }, (_, peer) => about(peer, 'was stopped.'));
    const findings = ['Before.', ...stopped, about(3, 'never delivered 2 messages.')];
    expect(foldFindings(findings)).toEqual([
      'Before.',
      'Peer 0 (peer-0 in us-west1-b) was stopped. The same of peer-1, peer-2, peer-3, peer-4, peer-5, peer-6, ' +
        'peer-7, peer-8 and 3 others.',
      'Peer 3 (peer-3 in us-west1-b) never delivered 2 messages.',
    ]);
  });

  test('of three peers, or of no peer, stay as they are', () => {
    const findings = [0, 1, 2].map((peer) => about(peer, 'was stopped.'));
    const others = ['At peer 1 (x) it waited.', 'At peer 1 (x) it waited.'];
    expect(foldFindings([...findings, ...others])).toEqual([...findings, ...others]);
  });
});
