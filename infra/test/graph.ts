import * as pulumi from '@pulumi/pulumi';
import type { Builds } from '../artifacts.ts';
import { parseConfiguration, type Settings } from '../configuration.ts';
import { createLaboratory, type Outputs } from '../laboratory.ts';
import { noteReplacements, type Replacement } from '../rehearsal/note-replacements.ts';
import { withoutStacks } from '../rehearsal/without-stacks.ts';
import { at, type Resource } from '../rules/resource.ts';

/** The least that must be said. */
export const SETTINGS: Settings = {
  project: 'my-laboratory',
  billingAccount: '0A1B2C-3D4E5F-678901',
  invokers: 'alice@example.org, bob@example.org',
};

export const BUILDS: Builds = {
  functions: { path: 'dist/functions', sha256: 'f'.repeat(64) },
  peer: { path: 'dist/peer/peer.mjs', sha256: 'a'.repeat(64) },
  node: { path: 'dist/peer/node.gz', sha256: 'b'.repeat(64) },
  check: { path: 'dist/check/check.mjs', sha256: 'c'.repeat(64) },
};

export interface Graph {
  readonly resources: readonly Resource[];
  readonly outputs: Outputs;
  /** How each resource is replaced, by its type and name with a space between. */
  readonly replacements: ReadonlyMap<string, Replacement>;
}

/** What Google would add to a resource that it created, as far as others use it. */
function created({ type, name, inputs }: pulumi.runtime.MockResourceArgs): object {
  const project = String(at(inputs, 'project') ?? SETTINGS.project);
  const given = String(at(inputs, 'name') ?? name);
  switch (type) {
    case 'gcp:serviceaccount/account:Account': {
      const email = `${String(at(inputs, 'accountId'))}@${project}.iam.gserviceaccount.com`;
      return { email, name: `projects/${project}/serviceAccounts/${email}` };
    }
    case 'gcp:projects/serviceIdentity:ServiceIdentity': {
      const service = String(at(inputs, 'service')).split('.')[0]!;
      return {
        member: `serviceAccount:service-123456789012@gcp-sa-${service}.iam.gserviceaccount.com`,
      };
    }
    case 'gcp:cloudfunctionsv2/function:Function':
      return {
        serviceConfig: { ...Object(at(inputs, 'serviceConfig')), uri: `https://${given}.run.app` },
      };
    case 'gcp:storage/bucketObject:BucketObject':
      return { generation: 1_700_000_000_000_001 };
    case 'gcp:compute/instanceTemplate:InstanceTemplate':
      return { selfLinkUnique: `https://compute/${name}?uniqueId=1` };
    default:
      return {};
  }
}

/** Runs the program as Pulumi would, with nobody behind it that creates anything. */
export function graphOf(
  settings: Settings = SETTINGS,
  addMore: () => void = () => undefined,
): Promise<Graph> {
  return withoutStacks(() => register(settings, addMore));
}

async function register(settings: Settings, addMore: () => void): Promise<Graph> {
  const resources: Resource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        const { type, name, inputs, id } = args;
        resources.push({ type, name, inputs: inputs as Resource['inputs'] });
        const state = { name, ...(inputs as object), ...created(args) };
        return { id: id === undefined || id === '' ? `${name}-id` : id, state };
      },
      call: ({ token, inputs }) =>
        token === 'gcp:organizations/getProject:getProject'
          ? { ...(inputs as object), number: '123456789012' }
          : {},
    },
    'mpcomm',
    'test',
    false,
  );
  const replacements = new Map<string, Replacement>();
  noteReplacements(replacements);
  const outputs = createLaboratory(parseConfiguration(settings), BUILDS);
  addMore();
  // Registrations are under way until then, as with a real engine.
  await pulumi.runtime.disconnect();
  return { resources, outputs, replacements };
}

/** The resources of one kind, such as `compute/instanceTemplate:InstanceTemplate`. */
export function ofType({ resources }: Graph, type: string): Resource[] {
  return resources.filter((resource) => resource.type === `gcp:${type}`);
}

export function named({ resources }: Graph, name: string): Resource {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}
