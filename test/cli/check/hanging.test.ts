import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { explainHanging } from '../../../cli/check/exhaustive/explain-broken.ts';
import {
  ExhaustiveHand,
  HangingScheduleError,
} from '../../../cli/check/exhaustive/exhaustive-hand.ts';
import { findHangingSteps, renderHangingSteps } from '../../../cli/check/hanging-steps.ts';
import { openSource } from '../../../cli/ordering/ordering-source.ts';
import { readSchedule } from '../../../simulation/choices/recorded-schedule.ts';
import { recordedContext } from '../../support/recorded-context.ts';

/** The bound of a test, on a machine that has much else to do. */
const PATIENCE_MS = 120_000;
const PATIENT = AbortSignal.timeout(PATIENCE_MS);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mpcomm-'));
});

afterAll(() => rm(folder, { recursive: true }));

test('an ordering that does not come back from a call is seen to hang, and in which schedule', async () => {
  const hangs = join(folder, 'hangs.ts');
  await writeFile(
    hangs,
    `export const create = (_group, out) => ({
      deadline: Infinity, held: 0,
      multicast(_now, message) { out.multicast(message); },
      receive() { for (;;); },
      advance() {},
    });
    export const guarantees = ['integrity'];`,
  );
  const hand = new ExhaustiveHand({ ordering: hangs }, { hangMs: 2_000 });
  const size = { peers: 2, messages: 1, losses: 0, crashes: 0, timers: 0 };
  const scope = { ...size, channels: 'datagrams' } as const;
  const plans = [{ losses: [], crashes: [] }];
  const asked = hand.perform<'estimate'>({ task: 'estimate', scope, plans }, PATIENT);
  const error = await asked.catch((thrown: unknown) => thrown);
  await hand.end();
  expect(error).toBeInstanceOf(HangingScheduleError);
  // A hunt goes through short schedules first, so that the first that hangs is a shortest one.
  const hunter = new ExhaustiveHand({ ordering: hangs }, { hangMs: 2_000 });
  const hunt = { task: 'hunt', scope, lengthMax: 5, huntMs: PATIENCE_MS } as const;
  const caught = await hunter.perform<'hunt'>(hunt, PATIENT).catch((thrown: unknown) => thrown);
  await hunter.end();
  expect(caught).toMatchObject({ schedule: ['multicast 0', 'deliver 0>1#0'] });
  // The command says the same of a second time as a finding.
  expect(explainHanging(error as HangingScheduleError)).toMatchObject({ broke: 'endless' });
});

test(
  'a check without it shows the shortest schedule that hangs as well',
  async () => {
    const late = join(folder, 'hangs-late.ts');
    await writeFile(
      late,
      `export const create = (_group, out) => {
        let heard = 0;
        return {
          deadline: Infinity, held: 0,
          multicast(_now, message) { out.multicast(message); },
          receive() { heard += 1; while (heard === 2); },
          advance() {},
        };
      };
      export const guarantees = ['integrity'];`,
    );
    const source = { ordering: late };
    const { context } = recordedContext();
    const options = { state: join(folder, 'state'), save: join(folder, 'hangs-late.json') };
    const entry = await openSource(source);
    const found = await findHangingSteps(context, options, source, entry, 2_000);
    const { choices } = found!.schedule!;
    expect(choices).toHaveLength(4);
    expect(renderHangingSteps(found).join(' ')).toMatch(
      /In 4 steps of .*every shorter one[^]* {3}4\. .*, and the ordering does not come back/,
    );
    // A game that took the last choice would not come back either.
    const kept = readSchedule(await readFile(join(folder, 'hangs-late.steps.json'), 'utf8'));
    expect(kept.choices).toHaveLength(3);
    expect(renderHangingSteps(null).join(' ')).toMatch(/--exhaustive looks into others/);
  },
  PATIENCE_MS,
);

test(
  'an ordering that is not even made is said to be that, by member',
  async () => {
    const never = join(folder, 'never-made.ts');
    await writeFile(
      never,
      `export const create = ({ self }) => { while (self === 1); return {
        deadline: Infinity, held: 0, multicast() {}, receive() {}, advance() {},
      }; };
      export const guarantees = ['integrity'];`,
    );
    const source = { ordering: never };
    const { context } = recordedContext();
    const options = { state: join(folder, 'state'), save: join(folder, 'never-made.json') };
    const found = await findHangingSteps(context, options, source, await openSource(source), 1_000);
    expect(renderHangingSteps(found).join(' ').replace(/\s+/g, ' ')).toMatch(
      /^create does not come back: member 1 of 2 was not made within 1 s, twice,/,
    );
    // Whoever opened a file would wait for the same call.
    expect(existsSync(join(folder, 'never-made.steps.json'))).toBe(false);
  },
  PATIENCE_MS,
);
