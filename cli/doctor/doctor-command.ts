import { LIMITS } from '../../control/limits.ts';
import { livePeers } from '../../control/runs/choose-members.ts';
import { paths } from '../../control/documents.ts';
import type { LaboratoryRecord } from '../../local/laboratory-file.ts';
import { openToRead } from '../../backend/open-backend.ts';
import { stateDirectoryAt } from '../../local/state-directory.ts';
import { openCloud, type Cloud } from '../site/open-cloud.ts';
import type { Context, SiteOptions } from '../shell/context.ts';
import { gather, note, ok, renderChecks, wrong, type Check } from './check.ts';
import { checkDeployedPeers, checkDeployment } from './deployment-checks.ts';
import { askLocally, checkFunctions } from './function-checks.ts';
import { checkLocal } from './local-checks.ts';
import { gatherLocalFacts, type LocalFacts } from './local-facts.ts';
import { checkLaboratoryClock, checkPeers, type PeerCures } from './peer-checks.ts';
import { gatherPeerFacts, type PeerFacts } from './peer-facts.ts';
import { EXIT, Failure } from '../shell/failure.ts';
import { executeRun } from '../run/run-command.ts';
import { openSite, type Site } from '../site/site.ts';

export interface DoctorOptions extends SiteOptions {
  /** Measures the round trips between the peers anew, by a run of one message each. */
  readonly probe?: boolean;
}

const CREDENTIALS_MS_MAX = 40_000;
const STORE_MS_MAX = 20_000;

/** `mpcomm doctor`: one line a check; status 2 when one of them is to be mended. */
export async function doctorCommand(context: Context, options: DoctorOptions): Promise<number> {
  const checks =
    options.backend === 'gcp'
      ? await examineCloud(context, options)
      : await examineMachine(context, options);
  context.terminal.data(renderChecks(checks, context.terminal.paint));
  const bad = checks.filter(({ state }) => state === 'wrong').length;
  if (bad === 0) return EXIT.done;
  context.terminal.note(`${bad} of ${checks.length} checks want mending.`);
  return EXIT.failed;
}

async function examineMachine(context: Context, options: DoctorOptions): Promise<Check[]> {
  const facts = await gatherLocalFacts(stateDirectoryAt(options.state));
  const wantsEmulators = options.backend === 'emulators';
  const checks = checkLocal(facts, wantsEmulators);
  const record = recordOf(facts);
  if (options.probe === true && record === null) {
    throw new Failure('--probe measures the peers of a laboratory that is up: mpcomm up');
  }
  if (record === null) return checks;
  return [...checks, ...(await examineLaboratory(context, options, record))];
}

function recordOf({ laboratory }: LocalFacts): LaboratoryRecord | null {
  return laboratory.known && laboratory.fact?.url ? laboratory.fact : null;
}

const LOCAL_CURES: PeerCures = {
  stale: (peerId) => `its log is logs/${peerId}.log in the state directory`,
  left: (peerId) =>
    `mpcomm exit ended it, or see logs/${peerId}.log in the state directory; mpcomm up starts all anew`,
  none: 'their logs are in logs/ of the state directory',
  unheard: 'does a firewall stop UDP on 127.0.0.1? mpcomm doctor --probe measures anew',
  probe: 'mpcomm doctor --probe',
};

async function examineLaboratory(
  context: Context,
  options: DoctorOptions,
  record: LaboratoryRecord,
): Promise<Check[]> {
  const probed =
    options.probe === true ? await probe(context, { ...options, backend: record.backend }) : null;
  const functions = await checkFunctions(askLocally(record.url!));
  const opened = await gather(() => openToRead(record.environment), STORE_MS_MAX);
  if (!opened.known) return [...functions, wrong('peers', opened.why, opened.cure)];
  const backend = opened.fact;
  try {
    const peers = await gatherPeerFacts(backend, probed);
    return [
      ...functions,
      ...checkLaboratoryClock(peers.nowMs, Date.now()),
      ...(await examineEmulators(record, peers)),
      ...checkPeers(peers, LOCAL_CURES),
    ];
  } finally {
    await backend.close();
  }
}

/** Google's emulators answer the same questions as Google, without permissions. */
async function examineEmulators(record: LaboratoryRecord, peers: PeerFacts): Promise<Check[]> {
  if (record.backend !== 'emulators') return [];
  const { MPCOMM_PROJECT: project, PUBSUB_EMULATOR_HOST: host } = record.environment;
  const [{ gatherProjectFacts }, { checkProject }, { GoogleApi }] = await importGoogle();
  const facts = await gatherProjectFacts({
    api: new GoogleApi(null, globalThis.fetch),
    project: project ?? '',
    topic: record.environment['MPCOMM_TOPIC'] ?? TOPIC_DEFAULT,
    pubsub: `http://${host ?? ''}`,
    isEmulated: true,
  });
  // An emulator has no APIs to enable, and tells no time.
  return checkProject(facts, peerIdsOf(peers)).filter(
    ({ name }) => !['apis', 'clock'].includes(name),
  );
}

const TOPIC_DEFAULT = 'mpcomm-commands';

function importGoogle() {
  return Promise.all([
    import('./google-facts.ts'),
    import('./google-checks.ts'),
    import('../../gcp/google-api.ts'),
  ]);
}

function peerIdsOf({ registry }: PeerFacts): string[] {
  return registry.known ? registry.fact.map(({ peerId }) => peerId) : [];
}

async function examineCloud(context: Context, options: DoctorOptions): Promise<Check[]> {
  const node = ok('node', `Node ${process.versions.node}`);
  const opened = await gather(() => openCloud(context, options), CREDENTIALS_MS_MAX);
  // Without credentials nothing else can be asked.
  if (!opened.known) return [node, wrong('credentials', opened.why, opened.cure)];
  const cloud = opened.fact;
  try {
    return [node, checkCredentials(cloud), ...(await examineProject(context, options, cloud))];
  } finally {
    await cloud.backend.close();
  }
}

/** Whose calls these are, and to which project they count. */
function checkCredentials({ identity, settings }: Cloud): Check {
  const { description, quotaProject } = identity;
  if (quotaProject === null) return ok('credentials', description);
  const detail = `${description}; calls count to project ${quotaProject}`;
  if (quotaProject === settings.project) return ok('credentials', detail);
  return note('credentials', detail, 'unset GOOGLE_CLOUD_QUOTA_PROJECT, unless that is meant');
}

async function examineProject(
  context: Context,
  options: DoctorOptions,
  { settings, api, functions, backend }: Cloud,
): Promise<Check[]> {
  const [{ gatherProjectFacts }, { checkProject }] = await importGoogle();
  const { gatherDeploymentFacts } = await import('./deployment-facts.ts');
  const { project, region } = settings;
  const environment = context.google?.environment ?? process.env;
  const topic = environment['MPCOMM_TOPIC'] ?? TOPIC_DEFAULT;
  const pubsub = 'https://pubsub.googleapis.com';
  const [facts, deployment, functionChecks] = await Promise.all([
    gatherProjectFacts({ api, project, topic, pubsub, isEmulated: false }),
    gatherDeploymentFacts({ api, project, region }),
    checkFunctions((name) => functions.ask(name), 'answers, and lets this account in'),
  ]);
  const probed = options.probe === true ? await probe(context, options) : null;
  const peers = await gatherPeerFacts(backend, probed);
  return [
    ...checkProject(facts, peerIdsOf(peers)),
    ...checkDeployment(deployment),
    ...functionChecks,
    ...checkDeployedPeers(facts.subscriptions, peerIdsOf(peers), project),
    ...checkPeers(peers, cloudCures(project)),
  ];
}

function cloudCures(project: string): PeerCures {
  return {
    stale: (_peerId, zone) =>
      `gcloud compute instances list --zones ${zone} --project ${project} tells the machine; on it, by ` +
      'gcloud compute ssh NAME --tunnel-through-iap, sudo journalctl --unit mpcomm-peer tells why',
    left: (peerId, zone) =>
      `gcloud compute instance-groups managed update-instances mpcomm-${peerId} --zone ${zone} --project ${project} ` +
      '--all-instances --minimal-action restart starts its machine again, and the peer with it',
    none: 'npm run deploy, then two minutes for the machines to start',
    unheard:
      `gcloud compute firewall-rules list --project ${project} shows whether UDP may pass between ` +
      'the peers; --probe measures anew',
    probe: `mpcomm doctor --backend gcp --project ${project} --probe`,
  };
}

/** A run of one message a peer, over all peers that live; gives its id. */
async function probe(context: Context, options: DoctorOptions): Promise<string> {
  const site = await openSite(context, options, LIMITS.peersMin);
  try {
    const peers = await countLive(site);
    if (peers < LIMITS.peersMin) {
      throw new Failure(`${peers} peers live; it takes ${LIMITS.peersMin} to probe between them`);
    }
    const { runId } = await executeRun(context, site, { peers, messages: 1, deadlineMs: 30_000 });
    return runId!;
  } finally {
    await site.close();
  }
}

async function countLive({ store, clock }: Site): Promise<number> {
  const registry = await store.list(paths.peers, { bytes: false });
  return Math.min(livePeers(registry, clock()).length, LIMITS.peersMax);
}
