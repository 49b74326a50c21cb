import type { Tools } from '../tools.ts';

/**
 * How long machines are awaited: one is asked for within seconds, and what has not come by then says
 * why.
 */
const MACHINES_MS_MAX = 180_000;
const LOOK_PERIOD_MS = 15_000;

export interface PeerPlace {
  readonly id: string;
  readonly zone: string;
}

/** The peers of a stack, as its output `peers` lists them: `peer-0 in us-west1-b`. */
export function parsePeers(json: string): PeerPlace[] {
  try {
    const lines = JSON.parse(json) as unknown;
    if (!Array.isArray(lines)) return [];
    return lines.flatMap((line) => {
      const [, id, zone] = /^(peer-\d+) in (\S+)$/.exec(String(line)) ?? [];
      return id === undefined || zone === undefined ? [] : [{ id, zone }];
    });
  } catch {
    return [];
  }
}

/**
 * Waits until each peer has a machine; gives a sentence for each that has none. A group of machines is made
 * without waiting for its machine, so that a quota, or a zone without room, shows only here.
 */
export async function awaitMachines(
  tools: Tools,
  project: string,
  peers: readonly PeerPlace[],
): Promise<string[]> {
  for (let waitedMs = 0; ; waitedMs += LOOK_PERIOD_MS) {
    const running = await runningMachines(tools, project);
    // Who may not look has been told nothing, and that is said.
    if (running === null) return ['whether every peer has a machine: gcloud did not tell'];
    const missing = peers.filter(({ id }) => !running.some((name) => isMachineOf(name, id)));
    if (missing.length === 0) return [];
    if (waitedMs >= MACHINES_MS_MAX) {
      return Promise.all(missing.map((peer) => explainAbsence(tools, project, peer)));
    }
    await tools.pause(LOOK_PERIOD_MS);
  }
}

async function runningMachines(tools: Tools, project: string): Promise<string[] | null> {
  const { status, output } = await tools.ask('gcloud', [
    ...['compute', 'instances', 'list', `--project=${project}`],
    ...['--filter=name~^mpcomm-peer- AND status=RUNNING', '--format=value(name)'],
  ]);
  return status === 0 ? output.split(/\s+/).filter(Boolean) : null;
}

/** Whether a machine is of a peer: `mpcomm-peer-1-x7kq` is of peer-1, and not of peer-10. */
function isMachineOf(name: string, peerId: string): boolean {
  return name.startsWith(`mpcomm-${peerId}-`);
}

async function explainAbsence(
  tools: Tools,
  project: string,
  { id, zone }: PeerPlace,
): Promise<string> {
  const { output } = await tools.ask('gcloud', [
    ...['compute', 'instance-groups', 'managed', 'list-errors', `mpcomm-${id}`],
    ...[`--zone=${zone}`, `--project=${project}`, '--limit=1', '--format=value(error.message)'],
  ]);
  const why = output.trim().split('\n')[0] || 'its group tells no error, and goes on trying';
  return `${id} in ${zone} has no machine: ${why}`;
}
