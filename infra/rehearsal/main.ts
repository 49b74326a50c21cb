import { Rehearsal } from './rehearse.ts';

/** One thing that can go wrong in the first hour: without what mends it, and with it. */
interface Scene {
  readonly title: string;
  play(show: (text: string) => void): Promise<boolean>;
}

const BEFORE = { neverWaits: true, neverReplaces: true } as const;

/** What the stack cannot guess, for who calls Pulumi without `npm run deploy`. */
const SETTINGS = {
  project: 'my-laboratory',
  billingAccount: '0A1B2C-3D4E5F-678901',
  invokers: 'alice@example.org',
};

const SCENES: readonly Scene[] = [
  {
    title: 'Unmended: roles are used seconds after they were granted',
    async play(show) {
      const before = new Rehearsal({ agentMs: 0 }, BEFORE, show);
      Object.assign(before.pulumi.settings, SETTINGS);
      const first = await before.up();
      await before.tools.pause(600_000);
      await before.up();
      show(
        `Ten minutes and a second call later, these functions are dead: ${before.deadFunctions.join(', ')}\n`,
      );
      return first !== 0 && before.deadFunctions.length > 0;
    },
  },
  {
    title: 'Mended: the deployment of docs/deploy.md, in a project where roles take two minutes',
    async play(show) {
      const after = new Rehearsal({}, {}, show);
      const status = await after.deploy();
      return status === 0 && isWhole(after) && (await after.destroy()) === 0;
    },
  },
  {
    title: 'Roles and the agent of Eventarc take a quarter of an hour: the command repeats',
    async play(show) {
      const later = new Rehearsal({ propagationMs: 780_000, agentMs: 900_000 }, {}, show);
      return (await later.deploy()) === 0 && isWhole(later);
    },
  },
  {
    title:
      'A quota of 12 vCPUs: unseen it is a success with six of eight machines; then it is seen',
    async play(show) {
      const before = new Rehearsal({ vcpusMax: 12 }, {}, () => undefined);
      Object.assign(before.pulumi.settings, SETTINGS);
      const blind = await before.up();
      show(`Unseen: status ${blind}, ${before.google.machines.size} of 8 machines\n`);
      const after = new Rehearsal({ vcpusMax: 12 }, {}, show);
      const refused = await after.deploy();
      return refused === 1 && (await after.deploy('--peers', '6')) === 0;
    },
  },
  {
    title: 'A deployment is killed while functions are built, and called again as its messages say',
    async play(show) {
      const killed = new Rehearsal({}, {}, show);
      killed.pulumi.killAfter = 118;
      await killed.deploy();
      await killed.deploy();
      await killed.tools.tell('pulumi', ['cancel', '--stack', 'mpcomm', '--yes']);
      if ((await killed.deploy('--refresh')) !== 0) {
        await killed.tools.tell('pulumi', ['refresh', '--stack', 'mpcomm']);
        await killed.deploy();
      }
      return isWhole(killed);
    },
  },
];

function isWhole({ deadFunctions, google }: Rehearsal): boolean {
  return deadFunctions.length === 0 && google.machines.size === 8;
}

/** `npm run rehearse`: plays every scene; the status is 1 when one did not end as it should. */
let bad = 0;
for (const { title, play } of SCENES) {
  process.stdout.write(`\n== ${title}\n`);
  const isGood = await play((text) => process.stdout.write(text));
  if (!isGood) bad += 1;
  process.stdout.write(`== ${isGood ? 'as it should be' : 'NOT as it should be'}\n`);
}
process.stdout.write(`\n${SCENES.length - bad} passed, ${bad} failed\n`);
process.exitCode = bad === 0 ? 0 : 1;
