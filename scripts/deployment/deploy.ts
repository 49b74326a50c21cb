import { join } from 'node:path';
import { BUILD_REGIONS } from '../../gcp/build-regions.ts';
import type { Tools } from '../tools.ts';
import { awaitMachines, parsePeers } from './await-machines.ts';
import { explainDeployFailure, mayPass } from './explain-failure.ts';
import { findMove } from './find-move.ts';
import { findQuota, peersWanted } from './find-quota.ts';
import { heedRun } from './heed-run.ts';
import { isInstalled } from './installed-packages.ts';
import { awaitBuilds, deleteFailedFunctions, functionStates } from './functions.ts';
import { pinImage } from './pin-image.ts';
import {
  type Pulumi,
  pulumiOf,
  putBack,
  remember,
  rememberedSettings,
  type Settings,
  settingsFile,
} from './pulumi.ts';
import { addSecretVersion, planSecret, type SecretPlan, secretVersions } from './secret.ts';
import { ofStack, type Wish } from './wish.ts';

/** How often `pulumi up` is called where each failure says only what time mends. */
const ATTEMPTS_MAX = 4;

/**
 * The pause between attempts. With the attempts themselves, all take longer than the seven minutes, "or
 * longer", that a role may take.
 */
const ATTEMPT_PAUSE_MS = 180_000;

/** What a deployment that is under way knows. */
interface Deployment {
  readonly wish: Wish;
  readonly tools: Tools;
  readonly pulumi: Pulumi;
  /** What the stack remembered before; `null` where that could not be read. */
  readonly remembered: Settings | null;
  /** What could not be found out, to be said at the end: sentences without a full stop. */
  readonly unverified: string[];
}

/** A step that failed and has said why; `status` is what the command ends with. */
class StepError extends Error {
  override name = 'StepError';
  readonly status: number;

  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

/** Builds and creates or changes everything; gives the status to end with. */
export async function deploy(wish: Wish, tools: Tools, root: string): Promise<number> {
  const pulumi = pulumiOf(wish, tools, root);
  try {
    await build(wish, tools, pulumi, root);
    const remembered = await rememberedSettings(pulumi, wish.stack);
    const deployment: Deployment = {
      ...{ wish: remembering(wish, remembered ?? {}), tools, pulumi },
      ...{ remembered, unverified: [] },
    };
    const move = await findMove(pulumi, deployment.wish);
    if (move !== null) throw new StepError(move);
    const secret = await chooseSecret(deployment);
    await checkQuota(deployment);
    const settings = await configure(deployment, secret);
    await ask(deployment, settings);
    await update(deployment, settings);
    await checkFunctions(deployment);
    await giveSecret(deployment, secret);
    return await report(deployment);
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    if (error.message !== '') tools.say(error.message);
    return error.status;
  }
}

async function build(wish: Wish, tools: Tools, pulumi: Pulumi, root: string): Promise<void> {
  expect(await tools.show('npm', ['run', 'build'], { directory: root }));
  expect(await installInfra(tools, root));
  expect(await pulumi.show(['stack', 'select', '--create', wish.stack]));
}

/**
 * What was said in earlier deployments holds where nothing is said now. What was said of another project does not: its
 * people would get roles in this one.
 */
function remembering(wish: Wish, remembered: Settings): Wish {
  const other = remembered['project'];
  if (other !== undefined && other !== wish.project) {
    throw new StepError(
      `${settingsFile(wish.stack)} remembers what was said of ${other}, with its people and its billing account.\n` +
        `    Give ${wish.project} settings of its own: --stack ${wish.project}, with --billing-account and --invokers; ` +
        `then say --stack whenever it is meant.`,
    );
  }
  const settings = { ...remembered, ...wish.settings };
  return { ...wish, settings, region: settings['region'] ?? wish.region };
}

/** The packages of infra/, from its own lockfile, unless they are there as that has them. */
export async function installInfra(tools: Tools, root: string): Promise<number> {
  const directory = join(root, 'infra');
  if (isInstalled(directory)) return 0;
  return tools.show('npm', ['ci', '--no-audit', '--no-fund'], { directory });
}

/**
 * Machines read a version by its number, so that the number is in their template before the version is there.
 * A second version beside an unseen first would part the machines that start now from the others.
 */
async function chooseSecret({ wish, tools }: Deployment): Promise<SecretPlan> {
  try {
    return planSecret(await secretVersions(tools, wish.project), wish.newSecret);
  } catch (error) {
    throw new StepError(`Which versions the peers' secret has is not known: ${textOf(error)}`);
  }
}

/** Has the stack remember what this deployment goes by, since Pulumi reads it there; gives that. */
async function configure(deployment: Deployment, secret: SecretPlan): Promise<Settings> {
  const { wish, pulumi } = deployment;
  const image = await chooseImage(deployment);
  const settings = { ...wish.settings, ...image, secretVersion: String(secret.number) };
  expect(await remember(pulumi, wish.stack, settings));
  return settings;
}

/** Chooses the image of the job, where there is to be one. */
async function chooseImage({
  wish: { settings },
  tools,
  unverified,
}: Deployment): Promise<{ readonly checkImage?: string }> {
  if (settings['checkJob'] !== 'true') return {};
  const pinned = await pinImage(tools, settings['checkImage']);
  if (pinned.unverified !== null) unverified.push(pinned.unverified);
  return { checkImage: pinned.checkImage };
}

async function checkQuota({ wish, tools, unverified }: Deployment): Promise<void> {
  const { missing, unknown } = await findQuota(tools, wish.project, peersWanted(wish.settings));
  if (missing !== null) throw new StepError(`missing: ${missing.what}\n    ${missing.cure}`);
  if (unknown !== null) unverified.push(`whether the quota of vCPUs suffices: ${unknown}`);
}

async function ask(deployment: Deployment, settings: Settings): Promise<void> {
  const { wish, tools, pulumi, remembered, unverified } = deployment;
  const { region } = wish;
  if (!BUILD_REGIONS.includes(region)) {
    tools.say(
      `Some projects may not build functions in ${region}; those that every project may use are ` +
        `${BUILD_REGIONS.join(', ')}.`,
    );
  }
  const unheeded = await heedRun(tools, wish, remembered);
  if (unheeded !== null) unverified.push(unheeded);
  if (wish.yes) return;
  const preview = ['preview', '--stack', wish.stack, ...refreshing(wish.refresh)];
  const status = await pulumi.show(preview);
  if (status === 0 && (await tools.confirm('Do you want to perform this update?'))) return;
  // What was refused is not to be what the next deployment begins with.
  const outcome = await forget(deployment, settings);
  if (status !== 0) throw new StepError(outcome, status);
  throw new StepError(`${outcome} (Without a terminal to answer on, --yes answers.)`);
}

/** Says what is as it was before `settings` were said, and what is not. */
async function forget({ wish, pulumi, remembered }: Deployment, settings: Settings) {
  const isBack = remembered !== null && (await putBack(pulumi, wish.stack, remembered, settings));
  if (isBack) return 'Nothing was changed.';
  return `Nothing was deployed. ${whatStays(wish, remembered, settings)}`;
}

/** Says which settings the next deployment goes by, and where they are. */
function whatStays({ stack }: Wish, remembered: Settings | null, settings: Settings): string {
  const changed = Object.entries(settings).filter(([name, value]) => remembered?.[name] !== value);
  if (changed.length === 0) return '';
  const words = changed.map(([name, value]) => `${name}=${value}`).join(', ');
  return `The next one goes by this, unless it is told otherwise: ${words} (in ${settingsFile(stack)}).`;
}

/** Repeats what fails only because Google does not know everywhere yet what it was told. */
async function update(deployment: Deployment, settings: Settings): Promise<void> {
  const { wish, tools, pulumi, remembered } = deployment;
  let isRefreshing = wish.refresh;
  for (let attempt = 1; ; attempt += 1) {
    await awaitBuilds(tools, wish);
    const deleted = await deleteFailedFunctions(tools, wish);
    if (deleted === null) throw new StepError('');
    // Pulumi must see that they are gone.
    isRefreshing ||= deleted > 0;
    const options = ['--yes', '--skip-preview', ...refreshing(isRefreshing)];
    const up = await pulumi.tell(['up', '--stack', wish.stack, ...options]);
    if (up.status === 0) return;
    const explanations = explainDeployFailure(`${up.output}\n${up.errors}`, wish);
    for (const { what, cure } of explanations) tools.say(`\n${what}:\n    ${cure}`);
    if (!mayPass(explanations)) {
      throw new StepError(
        '\nNot deployed. What was made stays, and is paid for, until npm run destroy; the same call goes on. ' +
          whatStays(wish, remembered, settings),
        up.status ?? 1,
      );
    }
    if (attempt === ATTEMPTS_MAX) {
      throw new StepError(`\nNot deployed, after ${attempt} attempts. The same call goes on.`);
    }
    const minutes = ATTEMPT_PAUSE_MS / 60_000;
    tools.say(`\nAttempt ${attempt + 1} of ${ATTEMPTS_MAX} comes in ${minutes} minutes.`);
    await tools.pause(ATTEMPT_PAUSE_MS);
  }
}

/** Pulumi calls a function that failed to build a success when it meets it again: Google is asked. */
async function checkFunctions({ wish, tools, unverified }: Deployment): Promise<void> {
  const states = await functionStates(tools, wish).catch((error: unknown) => {
    unverified.push(`whether the functions are active: ${textOf(error)}`);
    return [];
  });
  const dead = states.filter(({ state }) => state !== 'ACTIVE');
  if (dead.length === 0) return;
  const which = dead.map(({ name, state }) => `${name} is ${state}`).join(', ');
  throw new StepError(
    `\nNot deployed: of the functions, ${which}.\nCall npm run deploy again: one that is FAILED is built anew. ` +
      `By hand:\n    gcloud functions delete ${dead[0]!.name} --v2 --region=${wish.region} ` +
      `--project=${wish.project}, then npm run deploy -- --refresh`,
  );
}

async function giveSecret({ wish, tools }: Deployment, secret: SecretPlan): Promise<void> {
  if (!secret.isNew) return;
  try {
    await addSecretVersion(tools, wish.project, secret);
  } catch (error) {
    throw new StepError(
      `The stack ${wish.stack} is there, but its secret did not get version ${secret.number}, and its ` +
        `peers wait for it: ${textOf(error)}\nCall npm run deploy again.`,
    );
  }
}

/** Reports what is there now, what is not, and what nobody knows. */
async function report({ wish, tools, pulumi, unverified }: Deployment): Promise<number> {
  const { output } = await pulumi.ask([
    'stack',
    'output',
    'peers',
    '--json',
    '--stack',
    wish.stack,
  ]);
  const peers = parsePeers(output);
  if (peers.length === 0) unverified.push('which peers there are: the stack did not tell');
  const absent = await awaitMachines(tools, wish.project, peers);
  for (const sentence of absent) tools.say(`\n${sentence}.`);
  const [first, ...others] = [
    ...unverified,
    'whether the daemons are up, and hear each other: mpcomm doctor --backend gcp --probe tells in two minutes',
  ];
  tools.say(
    `\nDeployed. Peers take two minutes more to start; then, for example:\n` +
      `  npx mpcomm doctor --backend gcp --project ${wish.project}${inRegion(wish)}\n` +
      `  npx mpcomm run ${Math.max(2, peers.length - absent.length)} 100 --backend gcp --project ${wish.project}${inRegion(wish)}\n` +
      `It costs by the hour until npm run destroy -- --project ${wish.project}${ofStack(wish)}\n` +
      `Not verified: ${[first, ...others].join('; ')}.`,
  );
  return absent.length === 0 ? 0 : 1;
}

function inRegion({ region, settings }: Wish): string {
  return settings['region'] === undefined ? '' : ` --region ${region}`;
}

function refreshing(isRefreshing: boolean): string[] {
  return isRefreshing ? ['--refresh'] : [];
}

function expect(status: number): void {
  if (status !== 0) throw new StepError('', status);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
