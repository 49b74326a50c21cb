import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MissingError } from './missing-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What logs a person in, for every client library on this machine. */
export const LOGIN = 'gcloud auth application-default login';

/** The kinds of application-default credentials that this program can use, in words. */
const KINDS = {
  authorized_user: 'a user',
  service_account: 'a service account (a key file)',
  impersonated_service_account: 'an impersonated service account',
  external_account: 'an external account',
  external_account_authorized_user: 'a workforce user',
} as const;
export type CredentialsType = keyof typeof KINDS;

/** A file with application-default credentials, without its secrets. */
export interface FoundCredentials {
  readonly path: string;
  readonly type: CredentialsType;
}

const fileSchema = z.object({
  type: z.enum(Object.keys(KINDS) as [CredentialsType, ...CredentialsType[]]),
});

export function nameCredentials({ type }: FoundCredentials): string {
  return KINDS[type];
}

/**
 * Finds the file with application-default credentials, by Google's own rules: the one that
 * GOOGLE_APPLICATION_CREDENTIALS names, else gcloud's. `null` when there is none. Looking first, and
 * asking the client library afterwards, is what lets an error say which file is wrong and how.
 */
export async function findCredentials(environment: Environment): Promise<FoundCredentials | null> {
  const named = environment['GOOGLE_APPLICATION_CREDENTIALS'];
  const path = named || wellKnownFile(environment);
  if (path === null) return null;
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    const error = thrown as NodeJS.ErrnoException;
    if (!named && error.code === 'ENOENT') return null;
    const why = named ? 'GOOGLE_APPLICATION_CREDENTIALS names it' : 'gcloud wrote it';
    throw new MissingError(
      `the credentials in ${path} cannot be read (${error.code ?? error.message}); ${why}`,
      named ? 'unset GOOGLE_APPLICATION_CREDENTIALS, or correct it' : LOGIN,
    );
  });
  return text === null ? null : parseCredentials(path, text);
}

function wellKnownFile(environment: Environment): string | null {
  const name = 'application_default_credentials.json';
  const { CLOUDSDK_CONFIG: config, APPDATA: appData, HOME: home } = environment;
  if (config) return join(config, name);
  if (process.platform === 'win32') return appData ? join(appData, 'gcloud', name) : null;
  return home ? join(home, '.config', 'gcloud', name) : null;
}

function parseCredentials(path: string, text: string): FoundCredentials {
  const parsed = fileSchema.safeParse(parseJson(text));
  if (parsed.success) {
    return { path, type: parsed.data.type };
  }
  throw new MissingError(
    `${path} holds no credentials of a known kind (${Object.keys(KINDS).join(', ')})`,
    `${LOGIN} writes them anew`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
