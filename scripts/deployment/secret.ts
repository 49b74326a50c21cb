import { randomBytes } from 'node:crypto';
import type { Tools } from '../tools.ts';

const SECRET = 'mpcomm-datagram-secret';

/**
 * The bytes of the secret, the same number as SHA-256 has; written as text, because the daemon reads a
 * text.
 */
const SECRET_BYTES = 32;

export interface SecretVersion {
  readonly number: number;
  readonly isEnabled: boolean;
}

/** Which version the peers are to read, and whether it is still to be added. */
export interface SecretPlan {
  readonly number: number;
  readonly isNew: boolean;
}

/** Versions are numbered from 1 and never twice: the next one is known before it is there. */
export function planSecret(versions: readonly SecretVersion[], wantsNew: boolean): SecretPlan {
  const newest = Math.max(0, ...versions.map(({ number }) => number));
  const enabled = versions.filter(({ isEnabled }) => isEnabled).map(({ number }) => number);
  if (enabled.length === 0 || wantsNew) return { number: newest + 1, isNew: true };
  return { number: Math.max(...enabled), isNew: false };
}

/** The versions that there are; none where there is no secret yet. Throws what gcloud says otherwise. */
export async function secretVersions(tools: Tools, project: string): Promise<SecretVersion[]> {
  const listed = await tools.ask('gcloud', [
    ...['secrets', 'versions', 'list', SECRET, `--project=${project}`],
    '--format=value(name.basename(),state)',
  ]);
  if (listed.status !== 0) {
    // Before the first deployment there is no secret, and its API is not even on.
    if (/NOT_FOUND|not found|SERVICE_DISABLED|has not been used/i.test(listed.errors)) return [];
    throw new Error(listed.errors.trim());
  }
  return listed.output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/))
    .map(([number, state]) => ({
      number: Number(number),
      isEnabled: /^enabled$/i.test(state ?? ''),
    }));
}

/**
 * Adds the version of the plan, of random bytes that go from here into Secret Manager's hands and nowhere
 * else: no state and no log ever holds them. Throws what gcloud says when it is not added, or gets another
 * number because somebody else added one meanwhile.
 */
export async function addSecretVersion(
  tools: Tools,
  project: string,
  { number }: SecretPlan,
): Promise<void> {
  const added = await tools.ask(
    'gcloud',
    [
      ...['secrets', 'versions', 'add', SECRET, `--project=${project}`, '--data-file=-'],
      '--format=value(name.basename())',
    ],
    { input: randomBytes(SECRET_BYTES).toString('base64url') },
  );
  if (added.status !== 0) throw new Error(added.errors.trim());
  const got = Number(added.output.trim());
  if (got === number) return;
  throw new Error(
    `its new version has the number ${added.output.trim()}, and peers wait for ${number}`,
  );
}
