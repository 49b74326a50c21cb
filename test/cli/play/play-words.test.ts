import { describe, expect, test } from '@jest/globals';
import { COMMAND_HELP } from '../../../cli/play/command-help.ts';
import { parsePlayCommand } from '../../../cli/play/play-words.ts';

describe('a line', () => {
  test.each([
    ['', { do: 'nothing' }],
    ['# a remark', { do: 'nothing' }],
    ['  deliver 3  0>1 ', { do: 'deliver', packets: ['3', '0>1'] }],
    ['del all', { do: 'deliver', packets: ['all'] }],
    ['lose 0>1#2+1', { do: 'lose', packets: ['0>1#2+1'] }],
    [
      'multicast 0 1',
      {
        do: 'multicast',
        multicasts: [
          { member: 0, count: 1 },
          { member: 1, count: 1 },
        ],
      },
    ],
    [
      'multicast 0*3 , 2 * 1',
      {
        do: 'multicast',
        multicasts: [
          { member: 0, count: 3 },
          { member: 2, count: 1 },
        ],
      },
    ],
    ['crash 1', { do: 'crash', crashes: [{ member: 1 }] }],
    ['crash 1+2', { do: 'crash', crashes: [{ member: 1, sends: 2 }] }],
    ['crash 1 + 2', { do: 'crash', crashes: [{ member: 1, sends: 2 }] }],
    ['crash 3,4+0', { do: 'crash', crashes: [{ member: 3 }, { member: 4, sends: 0 }] }],
    ['redo', { do: 'redo', steps: 1 }],
    ['redo 3', { do: 'redo', steps: 3 }],
    ['redo all', { do: 'redo', steps: Infinity }],
    [
      'auto until uniformTotal',
      { do: 'auto', goal: { until: 'breaks', guarantee: 'uniformTotal' } },
    ],
    ['cut 0>1', { do: 'cut', paths: [{ from: 0, to: 1 }] }],
    ['undo', { do: 'back', steps: 1 }],
    ['back 5', { do: 'back', steps: 5 }],
    ['back all', { do: 'back', steps: Infinity }],
    ['auto', { do: 'auto', goal: { until: 'quiet' } }],
    ['auto 10', { do: 'auto', goal: { until: 'steps', steps: 10 } }],
    ['auto until broken', { do: 'auto', goal: { until: 'broken' } }],
    [
      'auto until 1 delivers (0,2)',
      { do: 'auto', goal: { until: 'delivers', member: 1, sender: 0, sequence: 2 } },
    ],
    ['save', { do: 'save', file: null }],
    ['svg a.svg', { do: 'svg', file: 'a.svg' }],
    ['help del', { do: 'help', about: 'deliver' }],
  ])('%j is understood', (line, command) => {
    expect(parsePlayCommand(line)).toEqual(command);
  });

  test('cuts between two sides, both ways', () => {
    const paths = [
      { from: 0, to: 1 },
      { from: 1, to: 0 },
      { from: 0, to: 2 },
      { from: 2, to: 0 },
    ];
    expect(parsePlayCommand('cut 0|1,2')).toEqual({ do: 'cut', paths });
  });

  test.each([
    ['dance', /^"dance" is no command; allowed: state, multicast,/],
    ['re', /^"re" is the beginning of repeat and revive and redo; allowed: /],
    ['deliver', /^it is written: deliver 3/],
    ['multicast x', /^it is written: multicast 0/],
    ['crash', /^it is written: crash 1 \(/],
    ['crash 1 2 3+', /^it is written: crash 1 \(/],
    ['cut 0', /^it is written: cut 0>1/],
    ['back x', /^it is written: back 5/],
    ['state 3', /^it is written: state/],
    ['auto until noon', /^"auto until noon" means nothing; allowed: auto, auto 10,/],
    ['auto until liveliness', /^"auto until liveliness" means nothing/],
    ['help dance', /^"dance" is no command/],
    ['\u001b[2J', /^"\ufffd\[2J" is no command/],
    ['x'.repeat(5_000_000), /^"x{40}" is no command/],
    [`auto ${'x'.repeat(1_000)}`, /^"auto x{35}" means nothing/],
    ['save a b', /^it is written: save FILE/],
  ])('%j is refused, with what is allowed', (line, reason) => {
    expect(() => parsePlayCommand(line)).toThrow(reason);
  });

  test('that help shows is understood as it is written', () => {
    for (const { usage, name } of COMMAND_HELP) {
      expect(parsePlayCommand(usage).do).toBe(name === 'undo' ? 'back' : name);
    }
  });
});
