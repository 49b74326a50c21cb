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

  test('with other numbers stand once as well, each with its own', () => {
    const lacks = [7, 9, 9, 12].map((lack, peer) =>
      about(peer, `never delivered ${lack} messages.`),
    );
    const sent = [3, 3, 3, 3].map((count, peer) =>
      about(peer, `multicast ${count} of 9 messages.`),
    );
    expect(foldFindings([...lacks, ...sent])).toEqual([
      'Peer 0 (peer-0 in us-west1-b) never delivered 7 messages. Likewise peer-1 (9), peer-2 (9), peer-3 (12).',
      'Peer 0 (peer-0 in us-west1-b) multicast 3 of 9 messages. The same of peer-1, peer-2, peer-3.',
    ]);
  });

  test('of what several wrote stand once', () => {
    const findings = [5, 5, 6, 5].map(
      (lack, peer) => `What peer ${peer} (peer-${peer}) wrote lacks ${lack} messages.`,
    );
    expect(foldFindings(findings)).toEqual([
      `${findings[0]} Likewise peer-1 (5), peer-2 (6), peer-3 (5).`,
    ]);
  });

  test('of messages that wait stand once for each word that these wait for', () => {
    const waits = (peer: number, whom: string): string =>
      `At peer ${peer} (peer-${peer}) the next message, ${peer} of peer-3, still waited for the word of ${whom}.`;
    const findings = [0, 1, 2, 3].map((peer) => waits(peer, 'peer-9'));
    expect(foldFindings([...findings, waits(4, 'peer-8')])).toEqual([
      `${findings[0]} The same of peer-1, peer-2, peer-3.`,
      waits(4, 'peer-8'),
    ]);
  });

  test('of three peers, or of no peer, stay as they are', () => {
    const findings = [0, 1, 2].map((peer) => about(peer, 'was stopped.'));
    const others = ['At peer 1 (x) it waited.', 'At peer 1 (x) it waited.'];
    expect(foldFindings([...findings, ...others])).toEqual([...findings, ...others]);
  });
});
