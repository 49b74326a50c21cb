import { z } from 'zod';
import { WORKLOADS } from '../../control/workload.ts';
import { isSchedule } from '../../simulation/choices/recorded-schedule.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { Failure, messageOf } from '../shell/failure.ts';
import { readNamedFile } from '../shell/read-named-file.ts';
import { shellWord } from '../shell/shell-word.ts';

/** The shape alone: what the values may be is checked where the scenario is run. */
const spanShape = { atUs: z.number(), untilUs: z.number() };
const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('crash'),
    member: z.number(),
    atUs: z.number(),
    afterSends: z.number().optional(),
    restartAfterUs: z.number().optional(),
    admitted: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('pause'), member: z.number(), ...spanShape }),
  z.strictObject({ kind: z.literal('lateStart'), member: z.number(), atUs: z.number() }),
  z.strictObject({
    kind: z.literal('clockSkew'),
    member: z.number(),
    rate: z.number(),
    offsetUs: z.number(),
  }),
  z.strictObject({
    kind: z.literal('partition'),
    from: z.array(z.number()),
    to: z.array(z.number()),
    symmetric: z.boolean(),
    ...spanShape,
  }),
  z.strictObject({
    kind: z.literal('clog'),
    from: z.number(),
    to: z.number(),
    extraUs: z.number(),
    ...spanShape,
  }),
]);

const delaySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('zones'), zones: z.array(z.string()), jitter: z.boolean() }),
  z.strictObject({ kind: z.literal('constant'), us: z.number() }),
  z.strictObject({ kind: z.literal('uniform'), minUs: z.number(), maxUs: z.number() }),
  z.strictObject({ kind: z.literal('exponential'), meanUs: z.number() }),
  z.strictObject({
    kind: z.literal('priorities'),
    minUs: z.number(),
    maxUs: z.number(),
    changes: z.array(z.number()),
  }),
]);

const scenarioSchema = z.strictObject({
  peers: z.number(),
  messages: z.number(),
  payloadBytes: z.number(),
  workload: z.enum(WORKLOADS).optional(),
  intervalUs: z.strictObject({ min: z.number(), max: z.number() }),
  seed: z.number(),
  network: z.strictObject({
    delay: delaySchema,
    loss: z.number(),
    burst: z.number(),
    repetition: z.number(),
    reordering: z.number(),
    reorderingUs: z.number(),
    calmFromUs: z.number().optional(),
  }),
  faults: z.array(faultSchema),
  endUs: z.number(),
});

/** Reads a scenario that was written as JSON; docs/simulator.md has its form. Throws `Failure`. */
export async function readScenarioFile(path: string): Promise<Scenario> {
  const value = parseScenario(path, await readNamedFile(path));
  if (isSchedule(value)) {
    throw new Failure(
      `${path} has single steps, without the times of a scenario: mpcomm play --from ${shellWord(path)} opens it`,
    );
  }
  if (!isLikeScenario(value)) {
    throw new Failure(
      `${path} is neither a scenario nor a game: it has none of peers, messages, network; allowed is a file that ` +
        'check or play saved, or one as docs/simulator.md has it',
    );
  }
  const parsed = scenarioSchema.safeParse(value);
  if (!parsed.success) {
    throw new Failure(`${path} is no scenario:\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

function parseScenario(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser quotes the text with its line ends.
    const problem = messageOf(error).replaceAll(/\s+/gu, ' ');
    throw new Failure(
      `${path} cannot be read: it is no JSON, as scenarios and games are (${problem})`,
    );
  }
}

/** Whether a value has anything of a scenario: of another one, nobody wants to read all that it lacks. */
function isLikeScenario(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ['peers', 'messages', 'network'].some((name) => name in value);
}
