import { resolve } from 'node:path';
import { documentedCommands } from './documented-commands.ts';
import { Newcomer } from './newcomer.ts';
import { Rehearsal } from './rehearse.ts';
import type { GoogleBehaviour } from './simulated-google.ts';

const ROOT = resolve(import.meta.dirname, '../..');

type Show = (text: string) => void;

/** One thing that can go wrong in the first hour, played without its remedy and with it. */
export interface Scene {
  readonly title: string;
  /** Whether it ended as it should. */
  readonly play: (show: Show) => Promise<boolean>;
}

/** What the stack cannot guess, for who calls Pulumi without `npm run deploy`. */
const SETTINGS = {
  project: 'my-laboratory',
  billingAccount: '0A1B2C-3D4E5F-678901',
  invokers: 'alice@example.org',
};

/** An engine without the remedies: it waits for no role, and replaces no function. */
const UNMENDED = { neverWaits: true, neverReplaces: true } as const;

const GROUPS = 'compute/instanceGroupManager:InstanceGroupManager';
const FUNCTIONS = 'cloudfunctionsv2/function:Function';
const CANCEL = 'pulumi cancel --stack mpcomm --yes';
const TEN_MINUTES_MS = 600_000;
const QUARTER_MS = 900_000;
const HOURS_MS = 4 * 3_600_000;

export const SCENES: readonly Scene[] = [
  {
    title: 'A newcomer with nothing types docs/deploy.md, line by line',
    async play(show) {
      const newcomer = new Rehearsal({}, {}, show, new Newcomer());
      show('First, what is missing:\n');
      if ((await newcomer.deploy('--check')) === 0) return false;
      for (const command of documentedCommands(ROOT)) {
        if (command.startsWith('npx ')) {
          show(`\n$ ${command}\n(the second half of the rehearsal plays this)\n`);
          continue;
        }
        if ((await newcomer.type(command)) !== 0) return false;
        if (command.startsWith('npm run deploy') && !isWhole(newcomer)) return false;
      }
      return newcomer.google.made.size === 0 && newcomer.google.machines.size === 0;
    },
  },
  {
    title: 'Unmended: roles are used seconds after they were granted',
    async play(show) {
      const before = unmended({ agentMs: 0 }, show);
      const first = await before.up();
      await before.tools.pause(TEN_MINUTES_MS);
      await before.up();
      show(
        `Ten minutes and a second call later, these are dead: ${before.deadFunctions.join(', ')}\n`,
      );
      return first !== 0 && before.deadFunctions.length > 0;
    },
  },
  {
    title: 'Mended: the same project, where roles take two minutes',
    async play(show) {
      const after = new Rehearsal({}, {}, show);
      return (await after.deploy()) === 0 && isWhole(after);
    },
  },
  {
    title: "Unmended: Eventarc's own agent is denied at first",
    async play(show) {
      const before = unmended({ propagationMs: 0 }, show);
      return (await before.up()) !== 0 && before.deadFunctions.includes('compare');
    },
  },
  {
    title: 'Mended: the agent and the roles take a quarter of an hour, and the command repeats',
    async play(show) {
      const later = new Rehearsal({ propagationMs: QUARTER_MS, agentMs: QUARTER_MS }, {}, show);
      return (await later.deploy()) === 0 && isWhole(later);
    },
  },
  {
    title: 'Unmended: a build fails once, and the next call is a success with a dead function',
    async play(show) {
      const before = unmended({ propagationMs: 0, agentMs: 0, unluckyBuilds: ['compare'] }, show);
      const first = await before.up();
      const second = await before.up();
      show(`The second call ended with ${second}; dead: ${before.deadFunctions.join(', ')}\n`);
      return first !== 0 && before.deadFunctions.join() === 'compare';
    },
  },
  {
    title: 'Mended: the function whose build failed is deleted, and built anew',
    async play(show) {
      const after = new Rehearsal({ unluckyBuilds: ['compare'] }, {}, show);
      return (await after.deploy()) === 0 && isWhole(after);
    },
  },
  {
    title: 'Unmended: a quota of 12 vCPUs that nobody looks at',
    async play(show) {
      const before = unmended({ vcpusMax: 12, propagationMs: 0, agentMs: 0 }, () => undefined);
      const blind = await before.up();
      show(`Status ${blind}, a success, with ${before.google.machines.size} of 8 machines\n`);
      return blind === 0 && before.google.machines.size === 6;
    },
  },
  {
    title: 'Mended: it is seen before anything is made, and what fits is said',
    async play(show) {
      const after = new Rehearsal({ vcpusMax: 12 }, {}, show);
      const refused = await after.deploy();
      return refused === 1 && (await after.deploy('--peers', '6')) === 0;
    },
  },
  {
    title: 'A person who is no Google account is named',
    async play(show) {
      const stranger = new Rehearsal({ strangers: ['bob@example.org'] }, {}, show);
      const refused = await stranger.deploy();
      return refused !== 0 && (await stranger.deploy('--invokers', 'alice@example.org')) === 0;
    },
  },
  {
    title: 'Another secret: "latest" parts the machines for hours, a number does not',
    async play(show) {
      const rehearsal = new Rehearsal({ latestMs: HOURS_MS }, {}, show);
      await rehearsal.deploy();
      if ((await rehearsal.deploy('--new-secret')) !== 0) return false;
      const peers = [...rehearsal.google.secretsRead.keys()];
      const latest = peers.map((_, peer) => rehearsal.google.latestSecret(peer));
      const read = [...rehearsal.google.secretsRead.values()];
      show(`Asked for "latest", ${peers.join(', ')} would get version ${latest.join(', ')}\n`);
      show(`Asked for the number in their templates, they get ${read.join(', ')}\n`);
      return new Set(latest).size === 2 && new Set(read).size === 1;
    },
  },
  {
    title: 'A deployment is killed while functions are built, and called again as its messages say',
    async play(show) {
      const killed = new Rehearsal({}, {}, show);
      killed.pulumi.killAt = FUNCTIONS;
      await killed.deploy();
      await killed.deploy();
      await killed.type(CANCEL);
      if ((await killed.deploy('--refresh')) !== 0) {
        await killed.type('pulumi refresh --stack mpcomm');
        await killed.deploy();
      }
      return isWhole(killed);
    },
  },
  {
    title:
      'A deployment is killed while machines are made, and destroyed: nothing that costs is left',
    async play(show) {
      const killed = new Rehearsal({}, {}, show);
      killed.pulumi.killAt = GROUPS;
      await killed.deploy('--peers', '2');
      await killed.type(CANCEL);
      const seen = await killed.destroy();
      const cures = [...killed.tools.transcript.matchAll(/^ {4}(gcloud .* delete .*)$/gm)];
      for (const [, cure] of cures) await killed.type(cure!);
      const { machines, groups, functions } = killed.google;
      const isClean = machines.size === 0 && groups.length === 0 && functions.size === 0;
      // Whoever comes back finds nothing in the way.
      return seen === 1 && isClean && (await killed.deploy('--peers', '2')) === 0;
    },
  },
];

function unmended(behaviour: Partial<GoogleBehaviour>, show: Show): Rehearsal {
  const before = new Rehearsal(behaviour, UNMENDED, show);
  Object.assign(before.pulumi.settings, SETTINGS);
  return before;
}

function isWhole({ deadFunctions, google }: Rehearsal): boolean {
  return deadFunctions.length === 0 && google.machines.size === 8;
}
