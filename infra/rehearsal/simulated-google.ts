import { at } from '../rules/resource.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How the project behaves over time, as documents and threads describe it. */
export interface GoogleBehaviour {
  /**
   * The time until a granted role is known everywhere: "typically 2 minutes, potentially 7 minutes or
   * longer".
   */
  readonly propagationMs: number;
  /** The time until Eventarc's own agent has what its role gives: "a few minutes". */
  readonly agentMs: number;
  /** Whether that time begins only with the first trigger that is refused (github.com/pulumi/pulumi-gcp/issues/1290). */
  readonly agentIsLazy: boolean;
  /** vCPUs in all regions together: often 12 in a new account, 8 on a trial. */
  readonly vcpusMax: number;
  /** Addresses that are no Google accounts. */
  readonly strangers: readonly string[];
  /** How long "latest" may still mean the version before, depending on who asks: "may take a few hours". */
  readonly latestMs: number;
  /** Builds of these functions fail once, for a reason of Google's own. */
  readonly unluckyBuilds: readonly string[];
}

export const USUAL: GoogleBehaviour = {
  propagationMs: 120_000,
  agentMs: 180_000,
  agentIsLazy: false,
  vcpusMax: 32,
  strangers: [],
  latestMs: 0,
  unluckyBuilds: [],
};

/** An answer that is no success. With `isMade`, the resource exists all the same. */
export class GoogleError extends Error {
  override name = 'GoogleError';
  readonly isMade: boolean;

  constructor(message: string, isMade = false) {
    super(message);
    this.isMade = isMade;
  }
}

type Inputs = Readonly<Record<string, unknown>>;

/** How long making one takes, in s. Policies of Firestore's fields and builds are what takes minutes. */
const SECONDS: Readonly<Record<string, number>> = {
  'firestore/field:Field': 300,
  'cloudfunctionsv2/function:Function': 90,
  'projects/service:Service': 30,
  'artifactregistry/repository:Repository': 12,
  'compute/network:Network': 25,
  'compute/instanceGroupManager:InstanceGroupManager': 15,
};
const SECONDS_OTHERWISE = 5;

/** Asking for one that is there is no error: an API that is on, a member of a policy, an object's next version. */
const REPEATABLE =
  /^(?:projects\/service|projects\/serviceIdentity|storage\/bucketObject|firestore\/field):|I[aA][mM]Member$/;

const FUNCTION = 'cloudfunctionsv2/function:Function';
const GROUP = 'compute/instanceGroupManager:InstanceGroupManager';
const INVOKER = 'cloudrunv2/serviceIamMember:ServiceIamMember';
/** The vCPUs of an e2-micro, as quotas count them. */
export const VCPUS_EACH = 2;
const NUMBER = '123456789012';

interface Made {
  readonly inputs: Inputs;
  readonly atMs: number;
}

/** A project in Google Cloud: what is in it, and how it answers at the time of its clock. */
export class SimulatedGoogle {
  readonly behaviour: GoogleBehaviour;
  /** By kind and name, such as `pubsub/topic:Topic commands`. */
  readonly made = new Map<string, Made>();
  /** State of each function that exists. */
  readonly functions = new Map<string, 'ACTIVE' | 'DEPLOYING' | 'FAILED'>();
  /** Names of machines, and what went wrong with others, by group. */
  readonly machines = new Map<string, string>();
  readonly groupErrors = new Map<string, string>();
  readonly secretVersions: string[] = [];
  #secretAtMs = 0;
  #firstTriggerAtMs: number | null = null;
  readonly #clock: VirtualClock;
  readonly #unlucky: Set<string>;

  constructor(clock: VirtualClock, behaviour: GoogleBehaviour) {
    this.#clock = clock;
    this.behaviour = behaviour;
    this.#unlucky = new Set(behaviour.unluckyBuilds);
  }

  /** Makes a resource; gives what Google adds to what it was asked for. Throws `GoogleError`. */
  async create(kind: string, name: string, inputs: Inputs, isQuick = false): Promise<Inputs> {
    const key = `${kind} ${name}`;
    if (this.made.has(key) && !REPEATABLE.test(kind)) {
      throw new GoogleError(
        `googleapi: Error 409: Resource '${name}' already exists, alreadyExists`,
      );
    }
    this.#expectPeople(inputs);
    if (kind === FUNCTION) return this.#createFunction(key, inputs);
    if (kind === INVOKER) this.#expectService(inputs);
    this.made.set(key, { inputs, atMs: this.#clock.nowMs });
    const seconds = isQuick ? SECONDS_OTHERWISE : (SECONDS[kind] ?? SECONDS_OTHERWISE);
    await this.#clock.sleep(1_000 * seconds);
    if (kind === GROUP) this.#makeMachine(String(at(inputs, 'name')));
    return this.read(kind, name);
  }

  /** What Google tells of a resource that exists. */
  read(kind: string, name: string): Inputs {
    const inputs = this.made.get(`${kind} ${name}`)?.inputs ?? {};
    return { name: at(inputs, 'name') ?? name, ...inputs, ...added(kind, name, inputs) };
  }

  exists(kind: string, name: string): boolean {
    return this.made.has(`${kind} ${name}`);
  }

  async delete(kind: string, name: string): Promise<void> {
    const { inputs = {} } = this.made.get(`${kind} ${name}`) ?? {};
    await this.#clock.sleep(5_000);
    this.made.delete(`${kind} ${name}`);
    const called = String(at(inputs, 'name'));
    if (kind === FUNCTION) this.deleteFunction(called);
    if (kind === GROUP) this.machines.delete(called);
  }

  /** With a function go its service of Cloud Run and who may call that. */
  deleteFunction(called: string): void {
    this.functions.delete(called);
    this.made.delete(`${FUNCTION} function-${called}`);
    for (const [key, { inputs }] of this.made) {
      if (key.startsWith(INVOKER) && at(inputs, 'name') === called) this.made.delete(key);
    }
  }

  addSecretVersion(value: string): void {
    this.secretVersions.push(value);
    this.#secretAtMs = this.#clock.nowMs;
  }

  /** The number of the version that the name "latest" means, to the machine of a peer that asks now. */
  latestSecret(peer: number): number {
    const newest = this.secretVersions.length;
    const isNew = this.#clock.nowMs - this.#secretAtMs >= this.behaviour.latestMs;
    return isNew || peer % 2 === 0 ? newest : Math.max(1, newest - 1);
  }

  /** The version of the secret that each group's template has its machines read. */
  get secretsRead(): Map<string, number> {
    const read = new Map<string, number>();
    for (const [key, { inputs }] of this.made) {
      const peer = /InstanceTemplate template-(peer-\d+)$/.exec(key)?.[1];
      const script = String(at(inputs, 'metadata', 'startup-script'));
      const version = /^readonly SECRET_VERSION='(\d+)'$/m.exec(script)?.[1];
      if (peer !== undefined) read.set(peer, Number(version));
    }
    return read;
  }

  /** The groups that exist, by their names at Google. */
  get groups(): string[] {
    return [...this.made]
      .filter(([key]) => key.startsWith(GROUP))
      .map(([, { inputs }]) => String(at(inputs, 'name')));
  }

  /** With a group goes its machine. */
  deleteGroup(called: string): void {
    for (const [key, { inputs }] of this.made) {
      if (key.startsWith(GROUP) && at(inputs, 'name') === called) this.made.delete(key);
    }
    this.machines.delete(called);
  }

  /** Deletes a resource, as somebody does by hand. */
  forget(kind: string, name: string): void {
    this.made.delete(`${kind} ${name}`);
  }

  /** Changes the inputs of a resource that exists. */
  change(kind: string, name: string, inputs: Inputs): void {
    const key = `${kind} ${name}`;
    const { atMs } = this.made.get(key) ?? { atMs: this.#clock.nowMs };
    this.made.set(key, { inputs, atMs });
  }

  get vcpusUsed(): number {
    return this.machines.size * VCPUS_EACH;
  }

  async #createFunction(key: string, inputs: Inputs): Promise<Inputs> {
    const called = String(at(inputs, 'name'));
    if (at(inputs, 'eventTrigger') !== undefined) this.#validateTrigger(called);
    this.made.set(key, { inputs, atMs: this.#clock.nowMs });
    this.functions.set(called, 'DEPLOYING');
    // A build fetches its source once its machine is there.
    await this.#clock.sleep(20_000);
    const isKnown = this.#isKnown(
      'roles/storage.objectViewer',
      'mpcomm-build',
      this.behaviour.propagationMs,
    );
    const isUnlucky = this.#unlucky.delete(called);
    if (!isKnown || isUnlucky) {
      this.functions.set(called, 'FAILED');
      const why = isKnown
        ? 'Build failed: Access to bucket gcf-v2-sources-1-us-central1 denied for a moment'
        : 'Build failed with status: FAILURE and message: failed to Fetch: failed to download archive ' +
          `gs://gcf-v2-sources-${NUMBER}-us-central1/${called}/function-source.zip: Access to bucket ` +
          `gcf-v2-sources-${NUMBER}-us-central1 denied. You must grant Storage Object Viewer permission to ` +
          'mpcomm-build@my-laboratory.iam.gserviceaccount.com.';
      const waited = 'Error waiting to create function: Error waiting for Creating function';
      throw new GoogleError(`${waited}: Error code 13, message: ${why}`, true);
    }
    await this.#clock.sleep(1_000 * SECONDS[FUNCTION]!);
    this.functions.set(called, 'ACTIVE');
    return this.read(FUNCTION, `function-${called}`);
  }

  #validateTrigger(called: string): void {
    const { agentMs, agentIsLazy } = this.behaviour;
    this.#firstTriggerAtMs ??= this.#clock.nowMs;
    const isAwake = !agentIsLazy || this.#clock.nowMs - this.#firstTriggerAtMs >= agentMs;
    if (isAwake && this.#isKnown('roles/eventarc.serviceAgent', 'gcp-sa-eventarc', agentMs)) return;
    throw new GoogleError(
      'Error creating function: googleapi: Error 400: Validation failed for trigger projects/my-laboratory/' +
        `locations/us-central1/triggers/${called}-123456: Invalid resource state for "": Permission denied while ` +
        'using the Eventarc Service Agent. If you recently started to use Eventarc, it may take a few minutes ' +
        'before all necessary permissions are propagated to the Service Agent.',
    );
  }

  #isKnown(role: string, holder: string, afterMs: number): boolean {
    const grants = [...this.made.values()].filter(
      ({ inputs }) => at(inputs, 'role') === role && String(at(inputs, 'member')).includes(holder),
    );
    return grants.some(({ atMs }) => this.#clock.nowMs - atMs >= afterMs);
  }

  #expectPeople(inputs: Inputs): void {
    const address = /^user:(.*)$/.exec(String(at(inputs, 'member')))?.[1];
    if (address === undefined || !this.behaviour.strangers.includes(address)) return;
    throw new GoogleError(
      `Error applying IAM policy: googleapi: Error 400: User ${address} does not exist., badRequest`,
    );
  }

  #expectService(inputs: Inputs): void {
    const called = String(at(inputs, 'name'));
    if (this.functions.get(called) === 'ACTIVE') return;
    throw new GoogleError(
      `googleapi: Error 404: Resource '${called}' of kind 'SERVICE' in region 'us-central1' does not exist.`,
    );
  }

  /** A group is made at once, and its machine when there is room for it: which nobody waits for. */
  #makeMachine(group: string): void {
    if (this.vcpusUsed + VCPUS_EACH <= this.behaviour.vcpusMax) {
      this.machines.set(group, `${group}-x7kq`);
      return;
    }
    const { vcpusMax } = this.behaviour;
    this.groupErrors.set(
      group,
      `Quota 'CPUS_ALL_REGIONS' exceeded.  Limit: ${vcpusMax}.0 globally.`,
    );
  }
}

function added(kind: string, name: string, inputs: Inputs): Inputs {
  switch (kind) {
    case 'serviceaccount/account:Account': {
      const email = `${String(at(inputs, 'accountId'))}@my-laboratory.iam.gserviceaccount.com`;
      return { email, name: `projects/my-laboratory/serviceAccounts/${email}` };
    }
    case 'projects/serviceIdentity:ServiceIdentity': {
      const service = String(at(inputs, 'service')).split('.')[0]!;
      return {
        member: `serviceAccount:service-${NUMBER}@gcp-sa-${service}.iam.gserviceaccount.com`,
      };
    }
    case FUNCTION: {
      const uri = `https://${String(at(inputs, 'name'))}-uc.a.run.app`;
      return { serviceConfig: { ...Object(at(inputs, 'serviceConfig')), uri } };
    }
    case 'storage/bucketObject:BucketObject':
      return { generation: 1_700_000_000_000_001 };
    case 'compute/instanceTemplate:InstanceTemplate':
      return { selfLinkUnique: `https://compute/${name}?uniqueId=1` };
    default:
      return {};
  }
}
