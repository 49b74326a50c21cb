import { describe, expect, test } from '@jest/globals';
import { parseChoice } from '../../../simulation/choices/choice.ts';
import {
  readSchedule,
  type RecordedSchedule,
  writeSchedule,
} from '../../../simulation/choices/recorded-schedule.ts';

const SCHEDULE: RecordedSchedule = {
  ordering: 'lamport',
  setup: { peers: 3, messages: 2, payloadBytes: 16, workload: 'mixed', seed: 7, packs: true },
  choices: ['multicast 0', 'multicast 1*2 @7', 'repeat 0>1#0', 'deliver 0>1#0+1', 'cut 0>1'].map(
    parseChoice,
  ),
  broke: 'total',
  text: 'peer 0 delivered otherwise',
};

describe('a recorded schedule', () => {
  test('is read as it was written, a choice a line', () => {
    const text = writeSchedule(SCHEDULE);
    expect(readSchedule(text)).toEqual(SCHEDULE);
    expect(text).toContain('\n    "deliver 0>1#0+1",\n');
  });

  test('needs to say no more than peers, messages and choices', () => {
    expect(readSchedule('{"peers": 2, "messages": 1, "choices": []}')).toEqual({
      ordering: '',
      setup: { peers: 2, messages: 1 },
      choices: [],
    });
  });

  test.each([
    ['{', /^it is no JSON/],
    ['[]', /^it has no "choices"/],
    ['{"choices": []}', /^"peers" is missing/],
    ['{"peers": 99999, "messages": 1, "choices": []}', /peers/],
    ['{"peers": 2, "messages": 1, "choices": {}}', /^"choices" is no list/],
    ['{"peers": 2, "messages": 1, "choices": ["jump 3"]}', /"jump 3" is no choice; allowed/],
    ['{"peers": 2, "messages": 1, "choices": ["multicast 0*0"]}', /"multicast 0\*0" is no choice/],
    ['{"peers": 2, "messages": 1, "choices": ["fire 0*2"]}', /"fire 0\*2" is no choice/],
    ['{"peers": 2, "messages": 1, "choices": [3]}', /^choice 1 is no text/],
    ['{"peers": 2, "messages": 1, "choices": [], "seeds": 3}', /^"seeds" means nothing.*allowed/],
    ['{"peers": 2, "messages": 1, "choices": [], "schedule": 2}', /reads form 1/],
    ['{"peers": 2, "messages": 1, "choices": [], "workload": "x"}', /"workload" is none of/],
    ['{"peers": 2, "messages": 1, "choices": [], "packs": 1}', /neither true nor false/],
    ['{"peers": 2, "messages": 1, "choices": [], "seed": "1"}', /"seed" is no number/],
  ])('%s is refused, with the reason', (text, reason) => {
    expect(() => readSchedule(text)).toThrow(reason);
  });
});
