import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../../control/limits.ts';
import { defaultDeadlineMs, parseRunRequest } from '../../../control/runs/run-request.ts';

const ZONE = 'southamerica-east1-b';

function errorsOf(body: unknown) {
  const parsed = parseRunRequest(body);
  return parsed.valid ? [] : parsed.errors;
}

describe('a request to run', () => {
  test('gets its defaults', () => {
    expect(parseRunRequest({ peers: 4, messages: 50 })).toEqual({
      valid: true,
      request: {
        peers: 4,
        messages: 50,
        ordering: 'unordered',
        intervalMs: { min: 10, max: 99 },
        payloadBytes: 0,
        workload: 'none',
        deadlineMs: 10_000 + 50 * 99 + 10_000 + 60,
        seed: null,
        record: false,
        zones: null,
      },
    });
  });

  test.each([
    { peers: 2, messages: 1 },
    { peers: 2, messages: LIMITS.messagesMax, deadlineMs: 3_600_000 },
    { peers: 8, messages: LIMITS.messagesMax, intervalMs: { min: 0, max: 72 } },
    { peers: LIMITS.peersMax, messages: 1_488 },
    { peers: 2, messages: 1, intervalMs: { min: 0, max: 0 }, seed: 0, payloadBytes: 0 },
    { peers: 2, messages: 1, intervalMs: { min: 60_000, max: 60_000 }, deadlineMs: 1_000 },
    { peers: 2, messages: 1, seed: 0xffff_ffff, payloadBytes: 1_000, deadlineMs: 3_600_000 },
    { peers: 2, messages: 1, ordering: 'fifo', zones: [ZONE, ZONE] },
    { peers: 2, messages: 1, record: true },
  ])('is valid at its limits: %j', (body) => {
    expect(parseRunRequest(body)).toMatchObject({ valid: true, request: body });
  });

  test.each([
    ['peers', { peers: 1, messages: 1 }, '1 is not allowed', 'from 2 to 64'],
    ['peers', { peers: 65, messages: 1 }, '65 is not allowed', 'from 2 to 64'],
    ['peers', { peers: 2.5, messages: 1 }, '2.5 is not allowed', 'an integer'],
    ['peers', { peers: '4', messages: 1 }, '"4" is not allowed', 'an integer'],
    ['peers', { messages: 1 }, 'missing', 'an integer'],
    ['messages', { peers: 2 }, 'missing', 'an integer'],
    ['messages', { peers: 2, messages: 0 }, '0 is not allowed', 'from 1'],
    ['messages', { peers: 2, messages: 100_001 }, '100001', 'to 100000'],
    ['messages', { peers: 32, messages: 6_049 }, 'is 6000608', 'at most 6000000'],
    ['record', { peers: 2, messages: 1, record: 'yes' }, '"yes" is not allowed', 'true or false'],
    ['ordering', { peers: 2, messages: 1, ordering: 'lifo' }, '"lifo"', 'unordered, fifo'],
    ['intervalMs', { peers: 2, messages: 1, intervalMs: { min: 9, max: 8 } }, 'greater', 'A <= B'],
    ['intervalMs.min', { peers: 2, messages: 1, intervalMs: { max: 8 } }, 'missing', 'A <= B'],
    [
      'intervalMs.max',
      { peers: 2, messages: 1, intervalMs: { min: 0, max: 60_001 } },
      '60001',
      'A',
    ],
    [
      'intervalMs.x',
      { peers: 2, messages: 1, intervalMs: { min: 0, max: 1, x: 0 } },
      'unknown',
      'A',
    ],
    ['messages', { peers: 2, messages: 100_000 }, 'about 91 min at the mean', 'deadlineMs'],
    ['payloadBytes', { peers: 2, messages: 1, payloadBytes: 1_001 }, '1001', 'to 1000'],
    ['deadlineMs', { peers: 2, messages: 1, deadlineMs: 999 }, '999', 'from 1000'],
    ['seed', { peers: 2, messages: 1, seed: -1 }, '-1', 'to 4294967295'],
    ['seed', { peers: 2, messages: 1, seed: null }, 'null is not allowed', 'an integer'],
    ['zones', { peers: 2, messages: 1, zones: [ZONE] }, '1 zones for 2 peers', 'as many'],
    ['zones.1', { peers: 2, messages: 1, zones: [ZONE, 'mars'] }, '"mars"', 'as many'],
    ['zones', { peers: 2, messages: 1, zones: {} }, 'an object', 'an array'],
    ['message', { peers: 2, messages: 1, message: 1 }, 'unknown field', 'peers, messages'],
    ['', null, 'null is not allowed', 'a JSON object'],
    ['', undefined, 'missing', 'a JSON object'],
    ['', [1], 'an array', 'a JSON object'],
  ])('is refused for its %s: %j', (field, body, problem, allowed) => {
    expect(errorsOf(body)).toContainEqual({
      field,
      problem: expect.stringContaining(problem),
      allowed: expect.stringContaining(allowed),
    });
  });

  test('hears of every wrong field at once, but of no more than 16', () => {
    const fields = errorsOf({ peers: 0, messages: 'x', seed: -1 }).map(({ field }) => field);
    expect(fields).toEqual(['peers', 'messages', 'seed']);
    const unknown = Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`x${i}`, i]));
    expect(errorsOf({ peers: 2, messages: 1, ...unknown })).toHaveLength(16);
    expect(errorsOf({ ['y'.repeat(9_999)]: 1 }).at(-1)!.field).toHaveLength(64);
  });

  test('may name an ordering besides those of the registry, where that is said to be there', () => {
    const body = { peers: 2, messages: 1, ordering: 'file-mine' };
    expect(parseRunRequest(body).valid).toBe(false);
    expect(parseRunRequest(body, ['unordered', 'file-mine'])).toMatchObject({
      valid: true,
      request: { ordering: 'file-mine' },
    });
    const parsed = parseRunRequest({ ...body, ordering: 'fifo' }, ['unordered', 'file-mine']);
    expect(parsed).toMatchObject({ errors: [{ allowed: 'one of unordered, file-mine' }] });
  });

  test('is never answered with an exception', () => {
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record(
        { peers: fc.jsonValue(), messages: fc.jsonValue(), intervalMs: fc.jsonValue() },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(body, (value) => {
        const parsed = parseRunRequest(value);
        if (parsed.valid) return;
        expect(parsed.errors.length).toBeGreaterThan(0);
        for (const error of parsed.errors) expect(error.allowed).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });
});

test('the default deadline has room for every interval, and an end', () => {
  expect(defaultDeadlineMs(2, 1, 0)).toBe(20_001);
  expect(defaultDeadlineMs(16, 10, 0)).toBe(20_240);
  expect(defaultDeadlineMs(64, 10, 0)).toBe(20_000 + 4_032 + 37_920);
  expect(defaultDeadlineMs(2, 1_000, 1_000)).toBeGreaterThan(1_000_000);
  expect(defaultDeadlineMs(8, 100_000, 99)).toBe(LIMITS.deadlineMsMax);
});

test('the default deadline has room for large messages all at once, around the world', () => {
  const { request } = parseRunRequest({
    peers: 8,
    messages: 2_000,
    payloadBytes: 1_000,
    intervalMs: { min: 0, max: 0 },
  }) as { request: { deadlineMs: number } };
  // A token took 65 s for them (docs/performance.md).
  expect(request.deadlineMs).toBe(20_000 + 11_200 + 112_000);
  expect(defaultDeadlineMs(4, 50, 99, 1_000)).toBe(20_000 + 4_950 + 60 + 600);
});
