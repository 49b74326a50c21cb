import type { Tools } from '../tools.ts';

/** The functions of a laboratory, as they are called in the project. */
const FUNCTION_NAMES: readonly string[] = ['compare', 'exit', 'expire', 'run'];

export interface FunctionState {
  readonly name: string;
  /** `ACTIVE`, `FAILED`, `DEPLOYING`, ...; `ABSENT` where there is none. */
  readonly state: string;
}

/** The state of each of the functions; throws what gcloud says when it cannot tell. */
export async function functionStates(
  tools: Tools,
  { project, region }: { readonly project: string; readonly region: string },
): Promise<FunctionState[]> {
  const listed = await tools.ask('gcloud', [
    ...['functions', 'list', '--v2', `--regions=${region}`, `--project=${project}`],
    '--format=value(name.basename(),state)',
  ]);
  if (listed.status !== 0) throw new Error(listed.errors.trim() || 'gcloud functions list failed');
  const found = new Map(
    listed.output
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .map(([name, state]) => [name!, state ?? 'UNKNOWN'] as const),
  );
  return FUNCTION_NAMES.map((name) => ({ name, state: found.get(name) ?? 'ABSENT' }));
}

/** A build takes a minute or two; the longest of Google's own limits is not waited for. */
const DEPLOYING_MS_MAX = 600_000;
const LOOK_PERIOD_MS = 15_000;

/**
 * Waits while a function is still being built, as after a deployment that was killed: Google goes on, and who
 * may call it cannot be said before it is there.
 */
export async function awaitBuilds(
  tools: Tools,
  place: { readonly project: string; readonly region: string },
): Promise<void> {
  for (let waitedMs = 0; waitedMs < DEPLOYING_MS_MAX; waitedMs += LOOK_PERIOD_MS) {
    const states = await functionStates(tools, place).catch(() => []);
    const building = states.filter(({ state }) => state === 'DEPLOYING').map(({ name }) => name);
    if (building.length === 0) return;
    if (waitedMs === 0) tools.say(`Still being built: ${building.join(', ')}; waiting ...`);
    await tools.pause(LOOK_PERIOD_MS);
  }
}

/**
 * Deletes functions whose build failed, so that they are built anew; gives how many those were, or `null` when
 * one could not be deleted. Pulumi alone would do so too (infra/functions.ts), unless a refresh has made it
 * forget the error: a function in the state FAILED reads like any other.
 */
export async function deleteFailedFunctions(
  tools: Tools,
  place: { readonly project: string; readonly region: string },
): Promise<number | null> {
  const states = await functionStates(tools, place).catch(() => []);
  const failed = states.filter(({ state }) => state === 'FAILED').map(({ name }) => name);
  for (const name of failed) {
    tools.say(`The function ${name} is in the state FAILED: it is deleted, and built anew.`);
    const deleted = await tools.tell('gcloud', [
      ...['functions', 'delete', name, '--v2', `--region=${place.region}`],
      ...[`--project=${place.project}`, '--quiet'],
    ]);
    if (deleted.status !== 0) {
      tools.say(`It could not be deleted: ${deleted.errors.trim()}`);
      return null;
    }
  }
  return failed.length;
}
