import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { type Identities, memberOf } from './identities.ts';
import type { Project } from './project.ts';

/** What `npm run build` leaves, relative to its folder `dist`. */
const BUILT = {
  functions: 'functions',
  peer: join('peer', 'peer.mjs'),
  node: join('peer', 'node.gz'),
  check: join('check', 'check.mjs'),
} as const;

/**
 * How many days old versions stay: a machine that starts during an update may still ask for the last
 * one.
 */
const NONCURRENT_DAYS = 7;

export interface Built {
  readonly path: string;
  /** SHA-256 of the file, or of all files of the folder with their names; in hexadecimal. */
  readonly sha256: string;
}
export type Builds = Readonly<Record<keyof typeof BUILT, Built>>;

/** An object that was uploaded: this very version of it, and what it must be. */
export interface Artifact {
  readonly object: gcp.storage.BucketObject;
  readonly sha256: string;
}

export interface Artifacts {
  readonly bucket: gcp.storage.Bucket;
  readonly functions: Artifact;
  readonly peer: Artifact;
  readonly node: Artifact;
  readonly check: Artifact;
  /** Peers can read the bucket once this is there. */
  readonly readable: gcp.storage.BucketIAMMember;
}

/** Reads what was built. Throws, with what to do, when something is missing. */
export function readBuilds(dist: string): Builds {
  const missing = Object.values(BUILT).filter((path) => !existsSync(join(dist, path)));
  if (missing.length > 0) {
    throw new Error(`${dist} lacks ${missing.join(', ')}: npm run build makes them`);
  }
  const read = (name: keyof typeof BUILT): Built => {
    const path = join(dist, BUILT[name]);
    return { path, sha256: name === 'functions' ? digestOfFolder(path) : digestOfFile(path) };
  };
  return {
    functions: read('functions'),
    peer: read('peer'),
    node: read('node'),
    check: read('check'),
  };
}

function digestOfFile(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function digestOfFolder(path: string): string {
  const lines = readdirSync(path)
    .sort()
    .map((name) => `${digestOfFile(join(path, name))}  ${name}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/**
 * A bucket with what is deployed. Each object bears its digest in its name, so that another content
 * is another object; its generation is pinned by whoever fetches it, so that even an object that
 * was overwritten under its name is not taken for it.
 */
export function createArtifacts(project: Project, { peer }: Identities, builds: Builds): Artifacts {
  const { options, id, labels, configuration } = project;
  const bucket = new gcp.storage.Bucket(
    'artifacts',
    {
      project: id,
      name: `${id}-mpcomm-artifacts`,
      location: configuration.region,
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'enforced',
      versioning: { enabled: true },
      lifecycleRules: [
        { action: { type: 'Delete' }, condition: { daysSinceNoncurrentTime: NONCURRENT_DAYS } },
      ],
      // Versions take the part of undeletion; what is destroyed shall not be kept, and paid, for a week.
      softDeletePolicy: { retentionDurationSeconds: 0 },
      forceDestroy: true,
      labels,
    },
    options,
  );
  const upload = (name: string, extension: string, { path, sha256 }: Built): Artifact => ({
    object: new gcp.storage.BucketObject(
      `artifact-${name}`,
      {
        bucket: bucket.name,
        name: `${name}-${sha256}.${extension}`,
        source:
          extension === 'zip'
            ? new pulumi.asset.FileArchive(path)
            : new pulumi.asset.FileAsset(path),
      },
      options,
    ),
    sha256,
  });
  const readable = new gcp.storage.BucketIAMMember(
    'artifacts-peer',
    { bucket: bucket.name, role: 'roles/storage.objectViewer', member: memberOf(peer) },
    options,
  );
  return {
    bucket,
    functions: upload('functions', 'zip', builds.functions),
    peer: upload('peer', 'mjs', builds.peer),
    node: upload('node', 'gz', builds.node),
    check: upload('check', 'mjs', builds.check),
    readable,
  };
}
