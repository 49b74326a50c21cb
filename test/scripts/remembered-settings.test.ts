import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { fulfil } from '../../scripts/deploy.ts';
import { FakeTools } from '../support/fake-tools.ts';
import { parseWish } from '../../scripts/deployment/wish.ts';

const ROOT = join(import.meta.dirname, '../..');
const PLACE = ['--project', 'my-laboratory'];
const PEERS = { 'mpcomm:project': { value: 'my-laboratory' }, 'mpcomm:peers': { value: '8' } };
const REMEMBERED = { 'pulumi config --json': { output: JSON.stringify(PEERS) } };
const PUT_BACK = [
  'pulumi config set-all --stack mpcomm --plaintext project=my-laboratory --plaintext peers=8',
  'pulumi config rm-all --stack mpcomm udpPort secretVersion',
];

test('a deployment that is declined, or refused at the preview, leaves what was remembered', async () => {
  const said = [...PLACE, '--peers', '4', '--udp-port', '1'];
  const declined = new FakeTools(REMEMBERED);
  declined.confirms = false;
  expect(await fulfil(parseWish(['deploy', ...said], {}), declined, ROOT)).toBe(1);
  expect(declined.acts.slice(-2)).toEqual(PUT_BACK);

  const refused = new FakeTools({ ...REMEMBERED, 'pulumi preview': { status: 255 } });
  expect(await fulfil(parseWish(['deploy', ...said], {}), refused, ROOT)).toBe(255);
  expect(refused.acts.slice(-2)).toEqual(PUT_BACK);

  const stuck = new FakeTools({ ...REMEMBERED, 'pulumi config rm-all': { status: 1 } });
  stuck.confirms = false;
  await fulfil(parseWish(['deploy', ...said], {}), stuck, ROOT);
  expect(stuck.said).toContain('peers=4, udpPort=1, secretVersion=1 (in infra/Pulumi.mpcomm.yaml)');
});

test('a deployment that the quota refuses is not remembered at all', async () => {
  const quotas = [{ metric: 'CPUS_ALL_REGIONS', limit: 8, usage: 0 }];
  const info = { output: JSON.stringify({ quotas }) };
  const tools = new FakeTools({ ...REMEMBERED, 'gcloud compute project-info': info });
  expect(
    await fulfil(parseWish(['deploy', ...PLACE, '--peers', '16', '--yes'], {}), tools, ROOT),
  ).toBe(1);
  expect(tools.calls.filter((call) => call.startsWith('pulumi config set-all'))).toEqual([]);
});

test('a laboratory that is there does not move, and what was remembered stays', async () => {
  const there = {
    'pulumi stack output --json': { output: '{"region":"europe-west1","database":"(default)"}' },
  };
  const said = ['deploy', ...PLACE, '--yes'];
  const moved = new FakeTools({ ...REMEMBERED, ...there });
  expect(await fulfil(parseWish([...said, '--database', 'mpcomm'], {}), moved, ROOT)).toBe(1);
  expect(moved.said).toContain(
    "there with --region europe-west1 --database '(default)', and does not move to --region us-central1 --database mpcomm",
  );
  expect(moved.acts.filter((call) => /^pulumi (?:config|up)/.test(call))).toEqual([]);

  const stays = new FakeTools({ ...REMEMBERED, ...there });
  expect(await fulfil(parseWish([...said, '--region', 'europe-west1'], {}), stays, ROOT)).toBe(0);

  const destroyed = new FakeTools({
    ...REMEMBERED,
    'pulumi stack output --json': { output: '{}' },
  });
  expect(await fulfil(parseWish([...said, '--region', 'us-west2'], {}), destroyed, ROOT)).toBe(0);
});

test('a deployment goes by nothing that was said of another project', async () => {
  const other = {
    'mpcomm:project': { value: 'course-one' },
    'mpcomm:invokers': { value: 'a@b.c' },
  };
  const tools = new FakeTools({ 'pulumi config --json': { output: JSON.stringify(other) } });
  expect(await fulfil(parseWish(['deploy', ...PLACE, '--yes'], {}), tools, ROOT)).toBe(1);
  expect(tools.said).toContain('infra/Pulumi.mpcomm.yaml remembers what was said of course-one');
  expect(tools.said).toContain('--stack my-laboratory');
  expect(tools.acts.filter((call) => /^pulumi (?:config|up)/.test(call))).toEqual([]);
});
