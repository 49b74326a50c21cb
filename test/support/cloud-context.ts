import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SiteOptions } from '../../cli/shell/context.ts';
import { runCommand } from '../../cli/run/run-command.ts';
import { paths } from '../../control/documents.ts';
import { beginRun } from '../../control/runs/begin-run.ts';
import { closeRun } from '../../control/runs/close-run.ts';
import { createProblem } from '../../control/problem.ts';
import type { Backend } from '../../control/ports.ts';
import {
  beginContext,
  registerPeers,
  registryEntry,
  runRequest,
  uploadMember,
} from './control-fixtures.ts';
import { FakeGoogle, type FakeAnswer, type FakeRequest } from './fake-google.ts';
import { MemoryBackend } from '../../bench/virtual-group/memory-backend.ts';
import { type RecordedContext, recordedContext } from './recorded-context.ts';

export const PROJECT = 'my-project';
export const FUNCTIONS =
  'cloudfunctions.googleapis.com/v2/projects/my-project/locations/us-central1/functions';

/**
 * A command's context in which Google is `fake` and the store of the project `backend`; the
 * environment is this process's, with `environment` in it.
 */
export function cloudContext(
  fake: FakeGoogle,
  backend: Backend,
  environment: Readonly<Record<string, string>> = {},
  gcloudToken: string | null = null,
): RecordedContext {
  return recordedContext({
    google: {
      environment: { ...process.env, ...environment },
      fetch: fake.fetch,
      openBackend: async () => ({ ...backendOf(backend), name: 'gcp' }),
      printIdentityToken: async () => gcloudToken,
    },
  });
}

/** The methods of a class do not survive a spread. */
function backendOf({ bus, store, clock }: Backend): Omit<Backend, 'name'> {
  return { bus, store, clock, close: async () => undefined };
}

/** A project with a deployed laboratory: its functions, its documents, and a user who is logged in. */
export class FakeCloud {
  google!: FakeGoogle;
  backend = new MemoryBackend();
  /** The state directory of the command line. */
  state = '';
  /** Of the peers, where a test wants others than the fixtures have. */
  zones: readonly string[] = [];
  #before: NodeJS.ProcessEnv = {};

  begin(): void {
    this.#before = { ...process.env };
    // The library reads the process's own environment.
    const set = { ...this.google.credentials(), METADATA_SERVER_DETECTION: 'none' };
    Object.assign(process.env, set);
    this.google.requests.length = 0;
    this.google.onLogin();
    this.backend = new MemoryBackend();
    this.zones = [];
    this.state = mkdtempSync(join(tmpdir(), 'mpcomm-cloud-'));
    for (const name of ['run', 'exit']) {
      const serviceConfig = { uri: this.google.at(`${name}-hash-uc.a.run.app`) };
      this.google.on(`${FUNCTIONS}/${name}`, {
        status: 200,
        body: { state: 'ACTIVE', serviceConfig },
      });
    }
    this.google.on('run-hash-uc.a.run.app', this.wholeRun);
    this.google.on('exit-hash-uc.a.run.app', { status: 202, body: { issuedAt: 'now' } });
  }

  end(): void {
    rmSync(this.state, { recursive: true });
    process.env = this.#before;
  }

  /** The function run, three peers and the function compare, all in one answer. */
  readonly wholeRun = async ({ body }: FakeRequest): Promise<FakeAnswer> => {
    const { backend } = this;
    const nowMs = Date.now();
    await this.registerPeers(nowMs);
    const request = runRequest(JSON.parse(body) as object);
    const begun = await beginRun(beginContext(backend, { nowMs }), request, null);
    if (begun.outcome !== 'begun')
      return { status: 409, body: createProblem('run-active', 'Busy.') };
    for (const member of [0, 1, 2]) await uploadMember(backend, begun.plan, member);
    await closeRun({ store: backend.store, nowMs }, begun.plan.runId);
    return { status: 202, body: { runId: begun.plan.runId } };
  };

  /** Three peers that live, in `zones` where those are given. */
  async registerPeers(nowMs: number): Promise<void> {
    await registerPeers(this.backend, 3, nowMs);
    for (const [place, zone] of this.zones.entries()) {
      const entry = { ...registryEntry(place + 1, nowMs), zone };
      await this.backend.store.replace(paths.peer(entry.peerId), entry);
    }
  }

  options(change: Partial<SiteOptions> = {}) {
    return { state: this.state, backend: 'gcp', project: PROJECT, ...change } as const;
  }

  context(environment: Readonly<Record<string, string>> = {}, gcloudToken: string | null = null) {
    return cloudContext(this.google, this.backend, environment, gcloudToken);
  }

  /** `mpcomm run 3 2 --backend gcp --project my-project`, under way. */
  run(change: Partial<SiteOptions> = {}, gcloudToken: string | null = null) {
    const recorded = this.context({}, gcloudToken);
    return { ...recorded, status: runCommand(recorded.context, 3, 2, this.options(change)) };
  }

  callsOf(target: string): FakeRequest[] {
    return this.google.requests.filter((request) => request.target.startsWith(target));
  }
}

/** One cloud for all tests of the file, as new for each. */
export function useCloud(): FakeCloud {
  const cloud = new FakeCloud();
  beforeAll(async () => {
    cloud.google = await FakeGoogle.start();
  });
  afterAll(() => cloud.google.stop());
  beforeEach(() => cloud.begin());
  afterEach(() => cloud.end());
  return cloud;
}
