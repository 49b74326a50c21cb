import type { Tools } from '../tools.ts';
import type { Missing } from './find-missing.ts';

interface Place {
  readonly project: string;
  readonly region: string;
}

/** A kind of thing that costs while it is there, by a name or a label that is this program's alone. */
interface Kind {
  readonly what: string;
  /**
   * The words of gcloud that list them, a line each with the name first; a kind with a fixed name is
   * described instead.
   */
  readonly list: (place: Place) => readonly string[];
  /** The words that delete one, from its line. */
  readonly delete: (line: readonly string[], place: Place) => string;
}

const MACHINES = 'name~^mpcomm-peer-';

const KINDS: readonly Kind[] = [
  {
    what: 'the instance group',
    list: () => [
      ...['compute', 'instance-groups', 'managed', 'list', `--filter=${MACHINES}`],
      '--format=value(name,zone.basename())',
    ],
    delete: ([name, zone]) =>
      `compute instance-groups managed delete ${name} --zone=${zone} --quiet`,
  },
  {
    what: 'the machine',
    list: () => [
      ...['compute', 'instances', 'list', `--filter=${MACHINES} AND status=RUNNING`],
      '--format=value(name,zone.basename())',
    ],
    delete: ([name, zone]) => `compute instances delete ${name} --zone=${zone} --quiet`,
  },
  {
    what: 'the function',
    list: ({ region }) => [
      ...['functions', 'list', '--v2', `--regions=${region}`, '--filter=labels.app=mpcomm'],
      '--format=value(name.basename())',
    ],
    delete: ([name], { region }) => `functions delete ${name} --v2 --region=${region} --quiet`,
  },
  {
    what: 'the schedule',
    list: ({ region }) => [
      ...['scheduler', 'jobs', 'describe', 'mpcomm-expire', `--location=${region}`],
      '--format=value(name.basename())',
    ],
    delete: ([name], { region }) => `scheduler jobs delete ${name} --location=${region} --quiet`,
  },
  {
    what: 'the secret',
    list: () => [
      ...['secrets', 'describe', 'mpcomm-datagram-secret'],
      '--format=value(name.basename())',
    ],
    delete: ([name]) => `secrets delete ${name} --quiet`,
  },
  {
    what: 'the bucket',
    list: ({ project }) => [
      ...['storage', 'buckets', 'describe', `gs://${project}-mpcomm-artifacts`],
      '--format=value(name)',
    ],
    delete: ([name]) => `storage rm --recursive gs://${name} --quiet`,
  },
];

/** How gcloud says that what is described is not there. */
const NOT_THERE = /NOT_FOUND|not found|404/i;

export interface Left {
  /** What is there and costs, each with the command that deletes it. */
  readonly left: readonly Missing[];
  /** What could not be looked for, with the reason: sentences without a full stop. */
  readonly unknown: readonly string[];
}

/**
 * What costs and is there after everything that Pulumi knew of was destroyed. There is some where a deployment was
 * killed: Google goes on with what it was asked for, and nobody was left to be told of it.
 */
export async function findLeft(tools: Tools, place: Place): Promise<Left> {
  const { project } = place;
  const looked = await Promise.all(
    KINDS.map(async (kind) => {
      const words = [...kind.list(place), `--project=${project}`];
      return { kind, ...(await tools.ask('gcloud', words)) };
    }),
  );
  const left = looked.flatMap(({ kind, status, output }) =>
    status === 0 ? linesOf(output).map((line) => ({ kind, line })) : [],
  );
  // With its group goes its machine.
  const groups = left.filter(({ kind }) => kind === KINDS[0]).map(({ line }) => line[0]!);
  return {
    left: left
      .filter(({ kind, line }) => !(kind === KINDS[1] && isOfGroup(line[0]!, groups)))
      .map(({ kind, line }) => ({
        what: `${kind.what} ${line[0]!}`,
        cure: `gcloud ${kind.delete(line, place)} --project=${project}`,
      })),
    unknown: looked
      .filter(({ status, errors }) => status !== 0 && !NOT_THERE.test(errors))
      .map(({ kind, errors }) => {
        const [why = ''] = errors.trim().split('\n');
        return `whether ${kind.what} is left: ${why || 'gcloud did not tell'}`;
      }),
  };
}

function linesOf(output: string): string[][] {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/));
}

/** `mpcomm-peer-1-x7kq` is of the group mpcomm-peer-1, and not of mpcomm-peer-10. */
function isOfGroup(machine: string, groups: readonly string[]): boolean {
  return groups.some((group) => machine.startsWith(`${group}-`));
}
