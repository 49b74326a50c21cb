import { describe, expect, test } from '@jest/globals';
import { readToldFields, readToldFirst, readToldMessages } from '../../web/compare/read-told.ts';
import { RUN_FIELDS_DEFAULT, toRunBody, wordsAbout } from '../../web/laboratory/run-body.ts';
import { describeLeftOut } from '../../web/playground/film.ts';
import { PLAYGROUND_DEFAULTS } from '../../web/playground/playground-settings.ts';
import { runPlayground } from '../../web/playground/run-playground.ts';

describe('what is told of logs', () => {
  test('counts as it was typed, or not at all with a word about it', () => {
    expect(readToldFields('port, clock')).toEqual({ value: ['port', 'clock'], problem: '' });
    for (const text of ['port', 'a, b, c', 'a, a']) {
      const { value, problem } = readToldFields(text);
      expect(value).toBeNull();
      expect(problem).toContain(`"${text}" does not count; allowed: two fields`);
    }
    expect(readToldFirst('0')).toEqual({ value: 0, problem: '' });
    expect(readToldFirst('-1')).toMatchObject({ value: null });
    expect(readToldMessages('-4').problem).toBe(
      '"-4" does not count; allowed: a whole number from 1 to 100000',
    );
    expect(readToldMessages('4294967295')).toMatchObject({ value: null });
    expect(readToldMessages(' ')).toEqual({ value: null, problem: '' });
  });
});

describe('the form of a run', () => {
  const typed = (deadlineS: string) => ({ ...RUN_FIELDS_DEFAULT, deadlineS });

  test('sends a deadline in milliseconds, and none for a blank', () => {
    expect(toRunBody(typed('2.5'))).toMatchObject({ deadlineMs: 2_500 });
    expect(toRunBody(typed(' '))).not.toHaveProperty('deadlineMs');
    for (const text of ['abc', '1e400']) expect(toRunBody(typed(text))['deadlineMs']).toBeNull();
  });

  test('tells what is wrong in the units of its fields, and as it was typed', () => {
    const allowed = 'an integer from 1000 to 3600000';
    const late = [{ field: 'deadlineMs', problem: '-1000 is not allowed', allowed }];
    expect(wordsAbout('deadlineS', typed('-1'), late)).toBe(
      '"-1" is not allowed; allowed is a number from 1 to 3600',
    );
    const peers = [{ field: 'peers', problem: 'null is not allowed', allowed: 'an integer' }];
    const fields = { ...RUN_FIELDS_DEFAULT, peers: 'abc' };
    expect(wordsAbout('peers', fields, peers)).toBe('"abc" is not allowed; allowed is an integer');
    expect(wordsAbout('messages', fields, peers)).toBeNull();
  });
});

test('a film that has no room for every packet says from when on none is shown', () => {
  const { film } = runPlayground({ ...PLAYGROUND_DEFAULTS, messages: 5 }, 'lamport');
  expect(describeLeftOut(film)).toBe('');
  expect(describeLeftOut({ ...film, packetsLeftOut: 1_234 })).toMatch(
    /^The film shows the first [\d,]+ packets: of those sent after \d+ ms, 1,234, none is shown\.$/,
  );
});
