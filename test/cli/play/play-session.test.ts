import { describe, expect, test } from '@jest/globals';
import { PlaySession } from '../../../cli/play/play-session.ts';
import { PLAIN } from '../../../cli/shell/terminal.ts';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import { readOrderingModule } from '../../../custom/ordering-module.ts';
import * as tiesNotBroken from '../../../examples/broken/ties-not-broken.ts';
import { readSchedule } from '../../../simulation/choices/recorded-schedule.ts';
import { PlayedGame } from '../../../simulation/play/played-game.ts';

const TIES = readOrderingModule({ ...tiesNotBroken }, 'ties-not-broken');

function sessionOf(
  entry: OrderingEntry = ORDERINGS.get('unordered')!,
  peers = 2,
  messages = 1,
): PlaySession {
  return new PlaySession(new PlayedGame(entry, { peers, messages }), entry.name, PLAIN);
}

/** What the last of several lines came to. */
function afterAll(session: PlaySession, ...lines: readonly string[]): string {
  return lines.map((line) => session.obey(line).text).at(-1)!;
}

describe('a game played by lines', () => {
  test('shows what each peer delivered, has and waits for, its timer, and numbered packets', () => {
    const session = sessionOf(ORDERINGS.get('lamport')!, 3);
    const state = afterAll(session, 'multicast 0', 'deliver 1', 'cut 0>2', 'state');
    expect(state).toBe(
      [
        'lamport, 3 peers x 1 message, after 3 steps',
        'peer 0 delivered nothing',
        '        has not delivered (0,0); (0,0) waits for a word of peer 1, peer 2; timer at 1000 ms, clock',
        '        at 0 ms',
        'peer 1 delivered nothing',
        '        has not delivered (0,0); (0,0) waits for a word of peer 2; 1 to multicast; timer at 1000 ms,',
        '        clock at 0 ms',
        'peer 2 delivered nothing',
        '        1 to multicast',
        'Under way',
        '    2  0>2  data(0,0) link=1 timestamp=1',
        '    3  1>0  lamportAck(0,0) link=1 timestamp=2',
        '    4  1>0  linkAck(1,1)',
        '    5  1>2  lamportAck(0,0) link=1 timestamp=2',
        'Cut: 0>2',
      ].join('\n'),
    );
  });

  test('tells at once which promised guarantee broke, and the shortest way back to before it', () => {
    const session = sessionOf(TIES);
    const broke = afterAll(session, 'multicast 0 1', 'auto until broken');
    expect(broke).toMatch(/BROKEN total \(no two messages in opposite orders\), which/);
    expect(broke).toMatch(/Back to before it: undo\nDone, after \d steps\.$/);
    expect(session.obey('state').isBroken).toBe(true);
    const later = afterAll(session, 'auto', 'judge');
    const [, steps] = /Back to before it: back (\d+)/.exec(later)!;
    const back = session.obey(`back ${steps}`);
    expect(back.isBroken).toBe(false);
    expect(session.obey('redo').isBroken).toBe(true);
  });

  test('holds nobody to what was not promised', () => {
    const session = sessionOf();
    const broke = afterAll(session, 'multicast 0 1', 'deliver 1', 'deliver 2');
    expect(broke).toContain('(broken, and not promised: total, uniformTotal)');
    expect(session.obey('judge').text).toMatch(
      /^Broken, and not promised: gapFree \(since step 2\)/,
    );
    expect(session.obey('state').isBroken).toBe(false);
  });

  test('tells in full what broke and was not promised, to whoever asks for a judgement', () => {
    const session = sessionOf();
    expect(afterAll(session, 'multicast 0 1', 'deliver 1 2', 'judge')).toContain(
      'total (no two messages in opposite orders): peer 0 delivered (0, 0) at position 0 and (1, 0) at 1;',
    );
  });

  test('says what was sent by steps that are told in one line each', () => {
    const session = sessionOf(ORDERINGS.get('lamport')!, 3);
    const told = afterAll(session, 'multicast 0', 'multicast 1', 'deliver all');
    expect(told).toMatch(/^3\. packet 1 \(0>1\) arrives/);
    expect(told).toMatch(/\n {5}under way: \d+ {2}2>1 {2}lamportAck\(0,0\) link=1 timestamp=2/);
    expect(told).not.toMatch(/under way: [1-4] /);
  });

  test('says what a packet waits behind, and that whoever it is for is gone', () => {
    const setup = { peers: 2, messages: 2, channels: 'reliable' } as const;
    const game = new PlayedGame(ORDERINGS.get('skeen')!, setup);
    const session = new PlaySession(game, 'skeen', PLAIN);
    expect(afterAll(session, 'multicast 0 0', 'state')).toContain(
      '    2  0>1  data(0,1) timestamp=2   (cannot arrive now: behind 1)',
    );
    expect(afterAll(session, 'deliver 0>1 0>1')).toMatch(/^3\. packet 1 [^]*\n4\. packet 2 /);
    expect(afterAll(session, 'pause 0', 'state')).toContain(
      '(cannot arrive now: peer 0 is paused)',
    );
    expect(afterAll(session, 'crash 0', 'state')).toContain('peer 0 does not run any more)');
    expect(afterAll(session, 'crash 1 0')).toMatch(
      /peer 1 crashes\nNot done: crash 0: peer 0 does/,
    );
  });

  test('says what is left where nothing can arrive', () => {
    expect(sessionOf().obey('auto').text).toBe(
      'Nothing is under way that can arrive; what may be done: multicast 0 1.',
    );
    const session = sessionOf(ORDERINGS.get('lamport')!, 3);
    expect(afterAll(session, 'multicast 0 1 2', 'lose 1 2 3', 'lose 4 5 6', 'auto')).toBe(
      'Nothing is under way that can arrive; what may be done: fire 0 1 2.',
    );
    expect(afterAll(sessionOf(), 'multicast 0 1', 'deliver all', 'auto')).toBe(
      'Nothing is under way that can arrive.',
    );
  });

  test('says what an ordering threw, which breaks any promise', () => {
    const { create } = ORDERINGS.get('unordered')!;
    const throwing = {
      ...ORDERINGS.get('unordered')!,
      createUnpacked: (...made: Parameters<typeof create>) => {
        const ordering = create(...made);
        ordering.receive = () => {
          throw new Error('no such message');
        };
        return ordering;
      },
    };
    const session = sessionOf(throwing);
    expect(afterAll(session, 'multicast 0', 'deliver 1')).toContain(
      'peer 1 throws no such message',
    );
    const { text, isBroken } = session.obey('state');
    expect(isBroken).toBe(true);
    expect(text).toContain('peer 1 FAILED; delivered nothing\n        it threw: no such message');
    expect(session.obey('multicast 1').text).toMatch(
      /^Not done: multicast 1: peer 1 does not run any more/,
    );
  });

  test.each([
    ['deliver 7', 'Not done: packet 7 is not under way; under way: 1.'],
    ['fire 0', 'Not done: fire 0: the ordering of peer 0 has set no timer.'],
    [
      'multicast 1*3',
      'Not done: multicast 1*3: peer 1 has 1 message left to multicast (--messages).',
    ],
    ['multicast 0', 'Not done: multicast 0: peer 0 has multicast all its messages (--messages).'],
    ['multicast 5', 'Not done: there is no peer 5; allowed: 0 to 1.'],
    ['revive 0', 'Not done: resume 0: peer 0 is not paused.'],
    ['heal 0>1', 'Not done: heal 0>1: the path 0>1 is not cut.'],
    ['cut 1>1', 'Not done: a path leads from one peer to another; 1>1 does not.'],
    ['redo', 'Not done: nothing was taken back that could be taken again.'],
    ['auto until 9 delivers 0,0', 'Not done: there is no peer 9; allowed: 0 to 1.'],
  ])('%s is refused with the reason', (line, reason) => {
    expect(afterAll(sessionOf(), 'multicast 0', line)).toBe(reason);
  });

  test('lets nothing arrive at a peer that is paused or gone', () => {
    const session = sessionOf();
    expect(afterAll(session, 'multicast 0', 'pause 1', 'deliver 1')).toMatch(
      /peer 1 is paused; revive 1/,
    );
    expect(afterAll(session, 'deliver all')).toBe(
      'Not done: nothing is under way that could arrive.',
    );
    expect(afterAll(session, 'revive 1', 'deliver 1')).toContain('peer 1 DELIVERS (0,0)');
    expect(afterAll(session, 'crash 1', 'crash 1')).toMatch(/peer 1 does not run any more/);
  });

  test('goes back to any step, and forward again, until another one is taken', () => {
    const session = sessionOf();
    afterAll(session, 'multicast 0', 'multicast 1', 'deliver 1');
    expect(session.obey('back 2').text).toBe(
      '2 steps back, to step 1 (peer 0 multicasts). redo takes them again (redo all).',
    );
    expect(session.obey('redo').text).toMatch(/^2\. peer 1 multicasts/);
    expect(session.obey('redo 5').text).toMatch(/^3\. packet 1 \(0>1\) arrives/);
    expect(afterAll(session, 'back 2', 'redo all')).toMatch(/^2\. peer 1[^]*\n3\. packet 1/);
    expect(session.obey('back all').choices).toEqual([]);
    expect(session.obey('undo').text).toMatch(/nothing was done yet/);
    expect(afterAll(session, 'crash 0', 'redo')).toMatch(/nothing was taken back/);
  });

  test('gives up on what may never come to pass', () => {
    const cut = afterAll(sessionOf(ORDERINGS.get('fifo')!), 'cut 0>1', 'auto until delivered');
    expect(cut).toMatch(/\.\.\. [\d,]+ steps more.*\n[^]*Given up after 1,000 steps/);
    expect(afterAll(sessionOf(), 'crash 0', 'crash 1', 'auto 5')).toBe(
      'Nothing is left to happen, after 0 steps.',
    );
  });

  test('gives up at once on what can never come to pass, and says what was not reached', () => {
    const session = sessionOf(undefined, 3);
    expect(afterAll(session, 'multicast 0', 'crash 1', 'auto until 1 delivers 0,0')).toBe(
      'Given up after 0 steps: peer 1 does not run any more.',
    );
    expect(session.obey('auto until 0 delivers 1,0').text).toBe(
      'Given up after 0 steps: peer 1 never multicast (1,0), and does not run any more.',
    );
    expect(session.obey('auto until 9 delivers 0,0').text).toMatch(
      /there is no peer 9; allowed: 0/,
    );
    expect(session.obey('auto until 0 delivers 0,1').text).toMatch(/there is no message \(0,1\)/);
    expect(session.obey('auto until broken').text).toMatch(
      /left to happen, after \d+ steps: nothing that was promised is broken\.$/,
    );
  });

  test('goes on until a guarantee breaks that was not promised, and says since when one is broken', () => {
    const session = sessionOf();
    expect(afterAll(session, 'multicast 0 1', 'auto until total')).toMatch(
      /Done, after 2 steps\.$/,
    );
    expect(session.obey('auto until total').text).toBe(
      'Nothing to be done: total is broken since step 4.',
    );
  });

  test('says that an ordering threw, which none may, and nothing in that steers the terminal', () => {
    const entry: OrderingEntry = {
      ...TIES,
      create: (_group, out) => ({
        ...{ deadline: Infinity, held: 0, advance: () => undefined },
        multicast: (_now, message) => out.multicast(message),
        receive: () => {
          throw new Error('no \u001b[31m luck');
        },
      }),
    };
    const session = sessionOf(entry);
    expect(afterAll(session, 'multicast 0 1', 'auto until broken')).toMatch(
      /peer 1 throws no  ?\[31m luck\nBROKEN no ordering may throw\n {2}Back to before it: undo\nDone/,
    );
    expect(session.obey('auto until broken').text).toMatch(/^Nothing to be done: the ordering of/);
    expect(session.obey('judge').text).toMatch(
      /^BROKEN since step 3: file-ties-not-broken threw at peer 1,/,
    );
    expect(session.obey('state').text).not.toContain('\u001b');
    expect(afterAll(session, 'undo', 'judge')).toMatch(/^Nothing is broken\./);
  });

  test('takes the packets of a command one after the other, also what the first of them brings about', () => {
    const session = sessionOf(ORDERINGS.get('lamport')!);
    const told = afterAll(session, 'multicast 0', 'deliver 0>1 1>0 1>0 0>1 0>1');
    expect(told).toMatch(
      /^2\. packet 1 \(0>1\)[^]*\n3\. packet \d+ \(1>0\)[^]*\nNot done: nothing is under/,
    );
    expect(session.obey('deliver 1>1').text).toMatch(/a path leads from one peer to another/);
    expect(session.obey('lose 0>7').text).toBe('Not done: there is no peer 7; allowed: 0 to 1.');
    expect(session.obey('deliver a\u0007b').text).toMatch(/^Not done: "a\ufffdb" is no packet;/);
    expect(afterAll(session, 'crash 0 1', 'state')).toMatch(/0 CRASHED[^]*1 CRASHED/);
  });

  test('says what may still happen where the end is not judged yet', () => {
    const session = sessionOf(undefined, 3);
    expect(afterAll(session, 'multicast 0', 'pause 1', 'judge').replaceAll('\n', ' ')).toMatch(
      /What may still happen: deliver 2; multicast 2; revive 1\.$/,
    );
    const reliable = new PlaySession(
      new PlayedGame(ORDERINGS.get('skeen')!, { peers: 3, messages: 1, channels: 'reliable' }),
      'skeen',
      PLAIN,
    );
    expect(afterAll(reliable, 'multicast 1 2', 'crash 0', 'auto', 'judge')).toMatch(
      /What may still happen: close\s+0>1,2\./,
    );
  });

  test('reaches what a kind network leads to', () => {
    const session = sessionOf(ORDERINGS.get('sequencer')!, 3, 2);
    expect(afterAll(session, 'auto until 2 delivers 1,1')).toMatch(
      /DELIVERS \(1,1\).*\nDone, after \d+ steps/,
    );
    expect(afterAll(session, 'auto until delivered')).toMatch(
      /Done, after \d+ steps\.$|^Nothing to be done: everybody has everything\.$/,
    );
    expect(session.obey('judge').text).toMatch(
      /^Nothing is broken\.\nOnly timers are left\. What is missing was judged after 100 more/,
    );
  });

  test('is told as a story, drawn, listed, and kept as a file that a search and the page read', () => {
    const session = sessionOf();
    afterAll(session, 'multicast 0 1', 'deliver 1', 'deliver 2');
    expect(session.obey('story').text).toContain('*(1, 0)* *(0, 0)*');
    expect(session.obey('steps').text).toContain('3. deliver 0>1#0');
    const { written } = session.obey('save mine.json');
    expect(written?.file).toBe('mine.json');
    expect(readSchedule(written!.text)).toMatchObject({
      ordering: 'unordered',
      setup: { peers: 2, messages: 1 },
    });
    const svg = session.obey('svg').written!;
    expect([svg.file, svg.ending, svg.text.startsWith('<svg')]).toEqual([null, '.svg', true]);
    expect(session.obey('state').written).toBeNull();
    expect(session.obey('quit').isOver).toBe(true);
  });
});
