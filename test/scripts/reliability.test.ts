import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { LostAnswers, Redelivery } from '../../scripts/reliability/grpc-faults.ts';
import { growthOf } from '../../scripts/reliability/growth.ts';
import { conduct, describeVerdict, type TrialContext } from '../../scripts/reliability/trial.ts';
import { TRIALS } from '../../scripts/reliability/trials.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'scripts', 'reliability', 'main.ts');

function conductThis(run: (context: TrialContext) => Promise<void>, msMax = 5_000) {
  const options = { backend: 'embedded', runs: 1, say: () => undefined } as const;
  return conduct({ run, msMax: () => msMax }, options);
}

describe('a trial', () => {
  test('passes when all that it checked is true, and its figures are told', async () => {
    const verdict = await conductThis(async ({ check, measured }) => {
      check(true, 'all is well');
      measured('runs', 3);
    });
    expect(verdict).toMatchObject({ passed: true, checks: 1, failures: [] });
    expect(describeVerdict('calm', 'embedded', verdict)).toMatch(
      /^PASS calm on embedded: 1 checks in [\d.]+ s\n {2}runs: 3$/,
    );
  });

  test.each<[string, (context: TrialContext) => Promise<void>, RegExp]>([
    ['a false claim', async ({ check }) => check(false, 'all is well'), /not true: all is well/],
    ['an error', () => Promise.reject(new Error('broken')), /broken/],
    ['nothing checked', async () => undefined, /checked nothing/],
    ['a hang', () => new Promise(() => undefined), /did not end within 0.05 s/],
  ])('fails by %s', async (_, run, reason) => {
    const verdict = await conductThis(run, 50);
    expect(verdict.passed).toBe(false);
    expect(describeVerdict('storm', 'embedded', verdict)).toMatch(/^FAIL storm/);
    expect(verdict.failures.join()).toMatch(reason);
  });

  test('that hangs is told to stop', async () => {
    let signal: AbortSignal | undefined;
    await conductThis((context) => {
      signal = context.signal;
      return new Promise(() => undefined);
    }, 50);
    expect(signal?.aborted).toBe(true);
  });
});

test('growth is between the first and the last third, whatever peaks there are', () => {
  expect(growthOf([5, 5, 99, 5, 5, 5, 5, 99, 5])).toBe(0);
  expect(growthOf([1, 2, 3, 4, 5, 6, 7, 8, 9])).toBe(6);
  expect(growthOf([7])).toBe(0);
});

describe('faults in gRPC', () => {
  // AcknowledgeRequest: subscription = 1, ack_ids = 2.
  const acknowledge = Buffer.concat([
    Buffer.from('\x0a\x03sub', 'latin1'),
    Buffer.from('\x12\x02id'),
  ]);

  test('an acknowledgement is a refusal until the last of its deliveries', () => {
    const fault = new Redelivery(3);
    // StreamingPullResponse { received_messages { ack_id: "id", message { message_id: "m" } } }
    const pulled = Buffer.from('\x0a\x09\x0a\x02id\x12\x03\x1a\x01m', 'latin1');
    fault.observe('/google.pubsub.v1.Subscriber/StreamingPull', pulled);
    const fates = [1, 2, 3].map(() => fault.decide(fault.paths[0]!, acknowledge));
    expect(fates.map(({ path }) => path.split('/').at(-1))).toEqual([
      'ModifyAckDeadline',
      'ModifyAckDeadline',
      'Acknowledge',
    ]);
    expect(fates[0]!.message.toString('latin1')).toBe('\x0a\x03sub\x22\x02id');
    expect(fates[2]!.message).toBe(acknowledge);
  });

  test('of a write the first answer is lost, and of every second transaction', () => {
    const fault = new LostAnswers();
    const write = Buffer.from('\x0a\x02db', 'latin1');
    const transaction = (id: string) => Buffer.from(`\x0a\x02db\x1a\x01${id}`, 'latin1');
    const lost = [write, write, transaction('a'), transaction('a'), transaction('b')].map(
      (message) => fault.decide(fault.paths[0]!, message).loseAnswer,
    );
    expect(lost).toEqual([true, false, true, false, false]);
  });
});

describe('npm run reliability', () => {
  const call = (...words: string[]) =>
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...words], {
      encoding: 'utf8',
    });

  test('lists every trial', () => {
    const { status, stdout } = call('--help');
    expect(status).toBe(0);
    for (const { name } of TRIALS) expect(stdout).toContain(`  ${name} `);
  });

  test.each([
    [['tornado'], 'there is no trial tornado'],
    [['soak', '--runs', '0'], '--runs is a whole number from 1'],
    [['soak', '--backend', 'gcp'], '--backend is one of embedded, emulators'],
    [['cut-stream', '--backend', 'embedded'], 'is a trial of emulators alone'],
    [['soak', '--sideways'], 'sideways'],
  ])('%j is refused with status 2', (words, reason) => {
    const { status, stderr } = call(...words);
    expect(stderr).toContain(reason);
    expect(status).toBe(2);
  });
});
