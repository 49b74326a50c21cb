/** What a deployment can be told, and what it is when it is told nothing. Pure: no Pulumi here. */
export interface Configuration {
  /** Id of the Google Cloud project that everything is created in. */
  readonly project: string;
  /** Region of the functions, the database, the schedule and the bucket. */
  readonly region: string;
  /** One peer for each, in the order in which runs take them. */
  readonly peers: readonly Peer[];
  readonly machineType: string;
  /** Whether peers are Spot machines: a third of the price, and Google may take one away. */
  readonly spot: boolean;
  /**
   * Addresses of the people who may begin a run, and end the daemons; in lower case, as Google has them. What each is
   * granted is named after them, not after their place in the list: a grant that went from one person to another would be
   * made for the new one first, and taken away again with what the list had for that one before.
   */
  readonly invokers: readonly string[];
  readonly billingAccount: string;
  /** What the month may cost before the account's owners are told, in the account's currency. */
  readonly budgetPerMonth: number;
  /** Id of the Firestore database. */
  readonly database: string;
  /** The port on which peers hear each other, and nobody else. */
  readonly udpPort: number;
  /** The version of the secret that every peer reads: by its number, it is there as soon as it was added. */
  readonly secretVersion: number;
  /** Whether there is a job that checks orderings; it costs only while it runs. */
  readonly checkJob: boolean;
  /** What its tasks run in: Node, with the tools of Debian. `npm run deploy` finds the digest behind the tag. */
  readonly checkImage: string;
}

export interface Peer {
  readonly id: string;
  readonly zone: string;
  readonly region: string;
}

/** The names of the settings, as `pulumi config set` and `npm run deploy` take them. */
export const SETTINGS = [
  'project',
  'region',
  'zones',
  'peers',
  'machineType',
  'spot',
  'invokers',
  'billingAccount',
  'budgetPerMonth',
  'database',
  'udpPort',
  'secretVersion',
  'checkJob',
  'checkImage',
] as const;
export type Setting = (typeof SETTINGS)[number];
export type Settings = Readonly<Partial<Record<Setting, string>>>;

/** Node's own image, of the version that the project is tested with. */
export const CHECK_IMAGE_DEFAULT = 'docker.io/library/node:24.21.0-slim';

/** The zones of the published experiments, in their order. */
export const ZONES_DEFAULT: readonly string[] = [
  'northamerica-northeast1-a',
  'southamerica-east1-b',
  'us-west1-b',
  'europe-north1-a',
  'europe-west9-a',
  'me-west1-a',
  'asia-south2-a',
  'asia-east1-b',
];

/** A run takes two peers at least; more than 64 no run takes (control/limits.ts). */
export const PEERS_MIN = 2;
export const PEERS_MAX = 64;

const INVOKERS_MAX = 50;
const BUDGET_MAX = 100_000;

/** A configuration that cannot be deployed; the message names each setting and what it may be. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

/**
 * Reads the settings, all of them text as Pulumi keeps it. Throws a `ConfigurationError` that lists
 * everything that is wrong, not only the first.
 */
export function parseConfiguration(settings: Settings): Configuration {
  const problems: string[] = [];
  const reader = new SettingsReader(settings, problems);
  const configuration: Configuration = {
    project: reader.text('project', PROJECT, 'the id of a project: 6 to 30 of a-z, 0-9 and -'),
    region: reader.text('region', REGION, 'a region such as us-central1', 'us-central1'),
    peers: readPeers(reader),
    machineType: readMachineType(reader),
    spot: reader.text('spot', /^(?:true|false)$/, 'true or false', 'true') === 'true',
    invokers: readInvokers(reader),
    billingAccount: reader.text(
      'billingAccount',
      /^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/,
      'a billing account such as 0A1B2C-3D4E5F-678901 (gcloud billing accounts list)',
    ),
    budgetPerMonth: reader.integer('budgetPerMonth', 1, BUDGET_MAX, '25'),
    database: reader.text(
      'database',
      DATABASE,
      '(default), or 4 to 63 of a-z, 0-9, -',
      '(default)',
    ),
    udpPort: reader.integer('udpPort', 1_024, 65_535, '4710'),
    checkJob: reader.text('checkJob', /^(?:true|false)$/, 'true or false', 'false') === 'true',
    checkImage: reader.text(
      'checkImage',
      IMAGE,
      'an image such as docker.io/library/node:TAG, or @sha256:DIGEST',
      CHECK_IMAGE_DEFAULT,
    ),
    secretVersion: reader.integer('secretVersion', 1, 999_999, '1'),
  };
  reader.refuseUnknown();
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  return configuration;
}

const PROJECT = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const REGION = /^[a-z]+-[a-z]+[0-9]+$/;
const ZONE = /^[a-z]+-[a-z]+[0-9]+-[a-z]$/;
const DATABASE = /^(?:\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/;
const IMAGE = /^[a-z0-9.-]+(?:\/[a-z0-9._-]+){1,6}(?::[\w.-]{1,128}|@sha256:[0-9a-f]{64})$/;
const PERSON = /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;
const MACHINE_TYPE = /^[a-z][a-z0-9]*-[a-z0-9]+(?:-[a-z0-9]+)*$/;

/**
 * Series of x64 machines that boot from a balanced persistent disk (infra/peers.ts); newer ones, such as N4 and C4, take
 * Hyperdisk only: https://cloud.google.com/compute/docs/disks/hyperdisks
 */
const SERIES: readonly string[] = ['e2', 'n1', 'n2', 'n2d', 't2d', 'c2', 'c2d', 'c3', 'c3d'];

/** Families with Arm processors, on which the pinned Node for x64 does not run. */
const ARM = /^(?:[a-z][0-9]+a|a4x)-/;

/**
 * Zones are taken in turn when there are more peers, as on one machine (network/zones.ts). Fewer peers take the
 * first of the zones that nobody chose; zones that somebody chose are all to have one.
 */
function readPeers(reader: SettingsReader): Peer[] {
  const zones = reader.list('zones', ZONE, 'zones such as us-west1-b', ZONES_DEFAULT.join(','));
  if (zones.length === 0) return [];
  const isChosen = reader.has('zones');
  const count = reader.integer('peers', PEERS_MIN, PEERS_MAX, String(zones.length));
  if (!Number.isFinite(count)) return [];
  if (count < zones.length && isChosen) {
    reader.refuse('peers', `is ${count}, which leaves zones without one; leave out zones instead`);
  }
  return Array.from({ length: count }, (_unused, index) => {
    const zone = zones[index % zones.length]!;
    return { id: `peer-${index}`, zone, region: zone.slice(0, zone.lastIndexOf('-')) };
  });
}

function readMachineType(reader: SettingsReader): string {
  const type = reader.text('machineType', MACHINE_TYPE, 'a type such as e2-micro', 'e2-micro');
  if (ARM.test(type)) {
    reader.refuse('machineType', `is ${type}, an Arm machine; peers run Node for x64`);
  } else if (MACHINE_TYPE.test(type) && !SERIES.includes(type.slice(0, type.indexOf('-')))) {
    const allowed = `a type of the series ${SERIES.join(', ')}`;
    reader.refuse(
      'machineType',
      `is ${type}, and peers boot from a pd-balanced disk; it is ${allowed}`,
    );
  }
  return type;
}

function readInvokers(reader: SettingsReader): string[] {
  const allowed = "people's addresses, such as alice@example.org";
  const people = reader.list('invokers', PERSON, allowed);
  if (people.length > INVOKERS_MAX) reader.refuse('invokers', `names more than ${INVOKERS_MAX}`);
  for (const address of people) {
    // A key of such an account can be copied; who begins runs that cost money is to be a person.
    if (address.endsWith('.gserviceaccount.com')) {
      reader.refuse('invokers', `names ${address}, a service account; allowed are ${allowed}`);
    }
  }
  return people.map((address) => address.toLowerCase());
}

/** Reads settings one by one, and notes what is wrong with each. */
class SettingsReader {
  readonly #settings: Settings;
  readonly #problems: string[];

  constructor(settings: Settings, problems: string[]) {
    this.#settings = settings;
    this.#problems = problems;
  }

  has(setting: Setting): boolean {
    return this.#settings[setting] !== undefined;
  }

  refuse(setting: Setting, problem: string): void {
    this.#problems.push(`${setting} ${problem}`);
  }

  text(setting: Setting, form: RegExp, allowed: string, ifAbsent?: string): string {
    const value = this.#settings[setting]?.trim() ?? ifAbsent;
    if (value === undefined || value === '') {
      this.refuse(setting, `is not set; it is ${allowed}`);
      return '';
    }
    if (!form.test(value)) this.refuse(setting, `is "${value}"; it is ${allowed}`);
    return value;
  }

  /** NaN, noted, where it is not one in `min`..`max`. */
  integer(setting: Setting, min: number, max: number, ifAbsent: string): number {
    const value = this.#settings[setting]?.trim() ?? ifAbsent;
    const number = /^[0-9]{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    this.refuse(setting, `is "${value}"; it is a whole number in ${min}..${max}`);
    return Number.NaN;
  }

  /** The parts of a list with commas; empty, and noted, where there are none or one is wrong. */
  list(setting: Setting, form: RegExp, allowed: string, ifAbsent = ''): string[] {
    const text = this.#settings[setting] ?? ifAbsent;
    const parts = text.split(',').map((part) => part.trim());
    const values = parts.filter((part) => part !== '');
    if (values.length === 0) this.refuse(setting, `names nothing; it is a list of ${allowed}`);
    const wrong = values.filter((value) => !form.test(value));
    for (const value of wrong) this.refuse(setting, `names "${value}"; it is a list of ${allowed}`);
    // An address means the same person in capitals; a zone in capitals is none.
    const same = values.map((value) => value.toLowerCase());
    const repeated = values.filter((_value, index) => same.indexOf(same[index]!) !== index);
    for (const value of repeated) this.refuse(setting, `names ${value} twice`);
    return wrong.length === 0 ? values : [];
  }

  /** A setting with a slip in its name would otherwise silently be the default. */
  refuseUnknown(): void {
    for (const name of Object.keys(this.#settings)) {
      if ((SETTINGS as readonly string[]).includes(name)) continue;
      this.#problems.push(`${name} is no setting; there are ${SETTINGS.join(', ')}`);
    }
  }
}
