import type { Backend } from '../../control/ports.ts';
import type { Fetch } from '../../gcp/google-identity.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The ways out of this process to Google; a test has its own. */
export interface GoogleDoors {
  readonly environment: Environment;
  readonly fetch: Fetch;
  readonly openBackend: (environment: Environment) => Promise<Backend>;
  readonly printIdentityToken: () => Promise<string | null>;
}
