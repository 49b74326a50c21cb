import { z } from 'zod';
import { findAtGoogle, type DeploymentQuestion, lastPart } from './google-question.ts';
import { askGroups, askSecretsRead } from './machine-facts.ts';

/** The name of the secret, as infra/secret.ts has it. */
export const SECRET_NAME = 'mpcomm-datagram-secret';

export interface SecretFact {
  /** Versions that can be read, newest first; `null` where there is no secret. */
  readonly enabled: readonly number[] | null;
  /** Which version the machines of a group read, by the group's name; no entry where its template does not tell. */
  readonly read: ReadonlyMap<string, number>;
}

const versionsSchema = z.object({
  versions: z.array(z.object({ name: z.string(), state: z.string().default('') })).default([]),
});

/** The versions of the peers' secret, never their values, and which of them the machines are told to read. */
export async function askSecret(question: DeploymentQuestion): Promise<SecretFact> {
  const host = 'secretmanager.googleapis.com';
  const path = `v1/projects/${question.project}/secrets/${SECRET_NAME}/versions`;
  const json = await findAtGoogle(question, host, path, 'roles/secretmanager.viewer');
  if (json === null) return { enabled: null, read: new Map() };
  const [groups, byTemplate] = await Promise.all([askGroups(question), askSecretsRead(question)]);
  const enabled = versionsSchema
    .parse(json)
    .versions.filter(({ state }) => state === 'ENABLED')
    .map(({ name }) => Number(lastPart(name)))
    .sort((one, other) => other - one);
  const read = groups.flatMap(({ name, template }) => {
    const version = byTemplate.get(template);
    return version === undefined ? [] : [[name, version] as const];
  });
  return { enabled, read: new Map(read) };
}
