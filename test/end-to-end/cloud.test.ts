import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Context, SiteOptions } from '../../cli/shell/context.ts';
import { doctorCommand } from '../../cli/doctor/doctor-command.ts';
import { runCommand } from '../../cli/run/run-command.ts';
import { findEmulators } from '../../local/emulators.ts';
import { cloudContext, FUNCTIONS, PROJECT } from '../support/cloud-context.ts';
import { FakeGoogle, type FakeAnswer, type FakeRequest } from '../support/fake-google.ts';
import { useLaboratory } from '../support/real-laboratory.ts';

const { installation, reason } = await findEmulators();
if (installation === undefined) {
  process.stderr.write(`Skipping the command line against a cloud of emulators. ${reason}\n`);
}

(installation === undefined ? describe.skip : describe)(
  'the command line against functions behind a front end, and Firestore',
  () => {
    const lab = useLaboratory({ backend: 'emulators', peers: 3 });
    let google: FakeGoogle;
    const before = { ...process.env };

    beforeAll(async () => {
      google = await FakeGoogle.start();
      Object.assign(process.env, google.credentials(), { METADATA_SERVER_DETECTION: 'none' });
      google.onLogin();
      for (const name of ['run', 'exit']) {
        const serviceConfig = { uri: google.at(`${name}-hash-uc.a.run.app`) };
        google.on(`${FUNCTIONS}/${name}`, {
          status: 200,
          body: { state: 'ACTIVE', serviceConfig },
        });
        google.on(`${name}-hash-uc.a.run.app`, (request) => passOn(name, request));
      }
    });

    afterAll(async () => {
      await google.stop();
      process.env = before;
    });

    /** What Google's front end does: refuses a request without a token, and passes on the others. */
    async function passOn(name: string, request: FakeRequest): Promise<FakeAnswer> {
      const { method, headers, body } = request;
      if (!/^Bearer [\w-]+(\.[\w-]+){2}$/.test(headers.authorization ?? '')) {
        return { status: 401, body: '<html>' };
      }
      const response = await fetch(`${lab.laboratory.url}/${name}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body !== '' && { body }),
      });
      const type = response.headers.get('content-type') ?? '';
      return {
        status: response.status,
        body: await response.json(),
        headers: { 'content-type': type },
      };
    }

    function command(): { context: Context; data: string[]; options: SiteOptions } {
      const recorded = cloudContext(google, lab.laboratory.backend);
      const options = {
        state: lab.laboratory.directory.path,
        backend: 'gcp',
        project: PROJECT,
      } as const;
      return { ...recorded, options };
    }

    test('a run is begun, followed in Firestore and compared', async () => {
      const { context, data, options } = command();
      expect(await runCommand(context, 3, 20, { ...options, interval: { min: 2, max: 20 } })).toBe(
        0,
      );
      expect(data.join('\n')).toMatch(/of 60 rounds unordered/);
    });

    test('and the doctor sees its peers, its functions and their round trips', async () => {
      const { context, data, options } = command();
      await doctorCommand(context, options);
      const lines = data.join('\n');
      for (const name of ['function run', 'function exit', 'peers', 'udp']) {
        expect(lines).toMatch(new RegExp(`^ok +${name} `, 'm'));
      }
    });
  },
);
