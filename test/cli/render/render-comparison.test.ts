import { describe, expect, test } from '@jest/globals';
import type { Comparison, PeerResult } from '../../../control/comparison-document.ts';
import { remarkableGuarantees } from '../../../cli/render/render-guarantees.ts';
import { renderComparison, renderSummary } from '../../../cli/render/render-comparison.ts';
import type { Paint } from '../../../cli/shell/terminal.ts';
import { sampleComparison } from './sample-comparison.ts';

const MARKS: Paint = {
  bold: (text) => `<b>${text}</b>`,
  dim: (text) => text,
  good: (text) => `<good>${text}</good>`,
  bad: (text) => `<bad>${text}</bad>`,
};

describe('renderComparison', () => {
  test('says how fast a run without an interval went, and not of another', () => {
    const { perPeer } = sampleComparison();
    const pacedBy = (plannedMs: number) =>
      renderComparison(
        sampleComparison({
          perPeer: perPeer.map((peer) => ({ ...peer, pace: { plannedMs, behindMs: 0 } })),
        }),
      );
    expect(pacedBy(0)).toContain(
      'Goodput             50 messages a second delivered (median of a peer)',
    );
    expect(pacedBy(500)).not.toContain('Goodput');
    expect(renderComparison(sampleComparison())).not.toContain('Goodput');
  });

  test('says that there is no unordered round where there is none', () => {
    const comparison = { ...sampleComparison(), unorderedRounds: 0, firstDivergence: null };
    const text = renderComparison(comparison);
    expect(text).toContain('  Unordered rounds    none\n');
    expect(text).not.toContain('Unordered because');
  });

  test('says how many rounds, where the peers part, what was lost, and each guarantee', () => {
    expect(renderComparison(sampleComparison())).toMatchInlineSnapshot(`
     "Run 20260131-235959-0a1b2c3d
       3 peers x 10 messages, unordered, seed 7, embedded backend, emulated network

     24 of 30 rounds unordered (80%)
       A round is one position of the delivery order. It is ordered when every peer delivered the same
       message there.

     The first disagreement is in round 2 (counted from 0), where the peers delivered:
       peer    zone                       delivered
       peer-0  northamerica-northeast1-a  message 1 of peer-0
       peer-1  southamerica-east1-b       message 0 of peer-2
       peer-2  us-west1-b                 nothing

       Unordered because   two peers delivered different messages in 23 rounds; some peer had no delivery
                           in 1
       Opposite orders     143 of 1,247 pairs of messages (11.5%), most between peer-0 and peer-2 (19.7%)
       Lost                1 of 90 deliveries (1.1%)
       Published count     7 of 9 (leaves out peer-2)
       Cost a multicast    2.4 datagrams, 120 bytes, 0 control messages
       Own messages        delivered after 0.2 ms (median of a peer), at most 1.5 ms

       guarantee         verdict     declared  meaning
       integrity         held        declared  no message twice, none invented
       validity          held        declared  a peer delivers what it multicasts
       agreement         BROKEN                all peers deliver the same messages
       uniformAgreement  BROKEN                the same, also counting peers that crashed
       fifo              held                  each sender's messages in its order
       causal            not judged            no message before one that its sender knew
       total             BROKEN                no two messages in opposite orders
       uniformTotal      BROKEN                the same, also counting peers that crashed
       gapFree           BROKEN                one peer's sequence begins with another's

       Not judged (causal): peer-2 left no report, so nobody knows when it multicast

     First counterexamples
       agreement: peer 0 delivered message 4 of peer 1, peer 2 never.
       total: peers 0 and 1 disagree on two messages.
       uniformAgreement: broken wherever agreement is, by the same counterexample
       uniformTotal, gapFree: broken wherever total is, by the same counterexample

       peer    zone                       standing           delivered  missing  datagrams  dropped
       peer-0  northamerica-northeast1-a  reported                  30        0         24        0
       peer-1  southamerica-east1-b       reported                  30        0         24        0
       peer-2  us-west1-b                 reported, settled         29        1         24        0

     Findings
       - 1 message never reached peer-2."
    `);
  });

  test('aligns what each peer delivered in the first round of disagreement', () => {
    const text = renderSummary(sampleComparison());
    expect(text).toContain('peer-0  northamerica-northeast1-a  message 1 of peer-0');
    expect(text).toContain('peer-1  southamerica-east1-b       message 0 of peer-2');
    expect(text).toContain('peer-2  us-west1-b                 nothing');
  });

  test('keeps to 100 columns with long names, every column and large numbers', () => {
    const { perPeer, findings, ...rest } = sampleComparison();
    const wide = perPeer.map((peer) => ({
      ...peer,
      peerId: `/a/very/long/path/that/some/teacher/has/given/logfile${peer.peer}.log`,
      outcome: 'handshake' as const,
      delivered: 1_000_000,
      missing: 1_000_000,
      duplicates: 1_000_000,
      invented: 1_000_000,
    }));
    const long = [...findings, 'a sentence of many words '.repeat(20).trim()];
    const text = renderComparison({ ...rest, perPeer: wide, findings: long });
    const longest = Math.max(...text.split('\n').map((line) => line.length));
    expect(longest).toBeLessThanOrEqual(100);
    expect(text).toContain('logfile2.log');
  });

  const AGREED = {
    unorderedRounds: 0,
    missingRounds: 0,
    conflictingRounds: 0,
    firstDivergence: null,
    findings: [],
  };

  /** The sample with other numbers for each peer. */
  function withPeers(
    changes: (peer: PeerResult) => Partial<PeerResult>,
    others: Partial<Comparison> = {},
  ): Comparison {
    const { perPeer } = sampleComparison();
    return sampleComparison({
      ...others,
      perPeer: perPeer.map((peer) => ({ ...peer, ...changes(peer) })),
    });
  }

  test('a run in which all agree has no divergence and says so', () => {
    const whole = withPeers(() => ({ delivered: 30, missing: 0 }), AGREED);
    const text = renderSummary(whole);
    expect(text).toContain('0 of 30 rounds unordered (0%)');
    expect(text).toContain('Every peer delivered the same messages in the same order.');
    expect(text).not.toContain('first disagreement');
  });

  test('does not say so of logs with repetitions, inventions, losses or nothing in them', () => {
    const claim = 'Every peer delivered the same messages';
    const faulty = withPeers(() => ({ duplicates: 1, invented: 2, missing: 3 }), AGREED);
    const text = renderSummary(faulty).replaceAll(/\s+/g, ' ');
    expect(text).not.toContain(claim);
    expect(text).toContain(
      'In each round every peer delivered the same message; but 9 deliveries missing; ' +
        '3 deliveries repeated; 6 deliveries invented.',
    );
    const nothing = withPeers(() => ({ delivered: 0, missing: 0 }), {
      ...AGREED,
      messages: 0,
      rounds: 0,
      publishedCount: 0,
    });
    expect(renderSummary(nothing)).not.toContain(claim);
    expect(renderSummary(nothing)).toContain('there is no round to compare');
    expect(renderSummary(nothing)).toMatch(/Published count +0 of 0 /);
  });

  test('counts as lost what correct peers lack, and tells of the others apart', () => {
    const standings = ['reported', 'crashed', 'reported'] as const;
    const crash = withPeers(({ peer }) => ({
      standing: standings[peer]!,
      outcome: peer === 1 ? null : 'settled',
      delivered: [29, 18, 27][peer]!,
      missing: [1, 12, 3][peer]!,
    }));
    // 30 messages exist, and two peers took part to the end.
    expect(renderSummary(crash).replaceAll(/\s+/g, ' ')).toContain(
      'Lost 4 of 60 deliveries (6.7%); peer-1 lacks 12 of 30 messages (its last second is not known)',
    );
    const late = withPeers(({ peer }) => ({ standing: standings[peer]!, missing: 0 }));
    expect(renderSummary(late).replaceAll(/\s+/g, ' ')).toContain(
      'Lost nothing; peer-1 lacks none of ',
    );
  });

  test('leads with what a deadline cut off', () => {
    const late = withPeers(({ peer }) => ({ outcome: peer === 2 ? 'deadline' : 'complete' }));
    expect(renderSummary(late)).toMatch(
      /^The deadline passed before everything was delivered\.\n\n24 of 30 rounds unordered/,
    );
  });

  test('names the senders of files by number, since files are not members', () => {
    const text = renderComparison(sampleComparison({ runId: null, messagesKnown: false }));
    expect(text).toContain('message 1 of sender 0');
    expect(text).toContain('3 logs compared, 10 messages a peer (the most seen of one sender');
  });
});

describe('logs from files', () => {
  const reading = {
    notes: ['Each log is a list.', 'Numbers count.'],
    senders: ['5', '6', '7'],
    first: 1,
  };

  test('say how they were read, right below the headline', () => {
    const text = renderComparison(sampleComparison({ runId: null, reading }));
    expect(text).toMatch(
      /rounds unordered[^]*\n\nEach log is a list\.\nNumbers count\.\n\nThe first/,
    );
    expect(renderComparison(sampleComparison())).not.toContain('Each log');
  });

  test('name peers and messages as they call them', () => {
    const sample = sampleComparison({ runId: null, reading });
    const perPeer = sample.perPeer.map((peer, index) => ({ ...peer, called: `500${index}` }));
    const message = { sender: 0, sequence: 1, text: '(5000, 2)' };
    const firstDivergence = { position: 3, deliveries: [{ peer: 0, message }] };
    const text = renderComparison({ ...sample, perPeer, firstDivergence });
    expect(text).toContain('message (5000, 2)');
    expect(text).toMatch(/peer .*called .*standing/);
    const plain = sample.perPeer.map((peer) => ({ ...peer, called: String(peer.peer) }));
    expect(renderComparison({ ...sample, perPeer: plain })).not.toContain('called');
  });

  test('are not said to have so many messages a peer where they differ', () => {
    const changes = { runId: null, messagesKnown: false, rounds: 7 };
    expect(renderComparison(sampleComparison(changes))).toContain(
      '3 logs compared, 7 messages in all, as far as they show\n',
    );
  });
});

describe('guarantees', () => {
  test('red marks only what was declared and broke', () => {
    const comparison = sampleComparison();
    const undeclared = renderComparison(comparison, MARKS);
    expect(undeclared).not.toContain('<bad>');
    expect(undeclared).toContain('<good>held</good>');
    const declared = renderComparison({ ...comparison, declared: ['total'] }, MARKS);
    expect(declared).toContain('<bad>BROKEN</bad>');
    expect(declared).toContain('<bad>total</bad>: peers 0 and 1 disagree');
  });

  test('a stronger guarantee gets no sentence of its own where its weaker one broke', () => {
    const comparison = sampleComparison();
    expect(remarkableGuarantees(comparison)).toEqual(['agreement', 'total']);
    const declared = { ...comparison, declared: ['uniformAgreement' as const] };
    expect(remarkableGuarantees(declared)).toEqual(['agreement', 'uniformAgreement', 'total']);
    const { guarantees } = comparison;
    const alone = { ...guarantees, agreement: { held: true }, total: { held: true } };
    expect(remarkableGuarantees({ ...comparison, guarantees: alone })).toEqual([
      'uniformAgreement',
      'uniformTotal',
      'gapFree',
    ]);
  });
});
