import { expect, test } from '@jest/globals';
import { DashboardSource } from '../../../cli/dashboard/dashboard-source.ts';
import { recordedContext } from '../../support/recorded-context.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const DIRECTORY = temporaryDirectory();

test('a login that failed is tried again for the next run that somebody begins', async () => {
  const absent = async (): Promise<never> => Promise.reject(new Error('no network'));
  const google = {
    environment: {},
    fetch: absent,
    openBackend: absent,
    printIdentityToken: absent,
  };
  const { context } = recordedContext({ google });
  const options = { state: DIRECTORY, backend: 'gcp', project: 'my-project' } as const;
  const source = new DashboardSource(context, options);
  const begin = (): Promise<unknown> =>
    source.begin({ peers: 2, messages: 1 }).catch((error: unknown) => error);
  const first = await begin();
  expect(first).toBeInstanceOf(Error);
  // What failed anew has words of its own.
  expect(await begin()).not.toBe(first);
  await source.close();
});
