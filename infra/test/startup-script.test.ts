import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startupScript, type StartupValues } from '../startup-script.ts';
import { HANGS_AFTER_MS } from './hangs-after.ts';
import { CURL, NOTE } from './startup-fakes.ts';

const SECRET_TEXT = 'c2l4dGVlbiByYW5kb20gYnl0ZXMgYW5kIG1vcmU';
const NODE = '#!/bin/sh\necho a node\n';
const BUNDLE = 'console.log("a daemon");\n';

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

const VALUES: StartupValues = {
  PROJECT: 'my-laboratory',
  TOPIC: 'mpcomm-commands',
  DATABASE: '(default)',
  PEER_ID: 'peer-0',
  ZONE: 'us-west1-b',
  UDP_PORT: '4710',
  HEALTH_PORT: '8080',
  SECRET: 'mpcomm-datagram-secret',
  SECRET_VERSION: '3',
  BUCKET: 'my-laboratory-mpcomm-artifacts',
  NODE_OBJECT: 'node.gz',
  NODE_GENERATION: '17',
  NODE_SHA256: sha256(gzipSync(NODE)),
  PEER_OBJECT: 'peer.mjs',
  PEER_GENERATION: '18',
  PEER_SHA256: sha256(BUNDLE),
};

function has(tool: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
}

describe('the start of a peer’s machine', () => {
  let directory = '';
  let root = '';
  let fakes = '';
  const script = startupScript(VALUES);

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'mpcomm-startup-'));
  });

  after(() => rmSync(directory, { recursive: true }));

  /** An empty machine, around which all is well. */
  function prepare(): void {
    root = mkdtempSync(join(directory, 'root-'));
    fakes = mkdtempSync(join(directory, 'fakes-'));
    for (const folder of ['etc/sysctl.d', 'etc/systemd/system', 'run', 'opt']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    for (const [name, text] of Object.entries({ curl: CURL, systemctl: NOTE, sysctl: NOTE })) {
      writeFileSync(join(fakes, name), text);
      chmodSync(join(fakes, name), 0o755);
    }
    writeFileSync(join(fakes, 'node.gz'), gzipSync(NODE));
    writeFileSync(join(fakes, 'peer.mjs'), BUNDLE);
    const data = Buffer.from(SECRET_TEXT).toString('base64');
    writeFileSync(
      join(fakes, 'secret.json'),
      `{\n  "name": "x",\n  "payload": { "data": "${data}" }\n}\n`,
    );
    writeFileSync(join(fakes, 'startup.sh'), script);
  }

  /** Runs the script with nothing real around it but the shell and its tools. */
  function start() {
    return spawnSync('bash', [join(fakes, 'startup.sh')], {
      encoding: 'utf8',
      timeout: HANGS_AFTER_MS,
      env: {
        PATH: `${fakes}:${process.env['PATH'] ?? ''}`,
        FAKES: fakes,
        MPCOMM_ROOT: root,
        MPCOMM_PAUSE_SECONDS: '0',
      },
    });
  }

  const calls = (): string => readFileSync(join(fakes, 'calls'), 'utf8');
  const fileOf = (path: string): string => readFileSync(join(root, path), 'utf8');

  /** Each attempt is a dozen processes: the stated bound has to stand in the script, and is lowered. */
  function lowerBound(stated: string, bound: number): void {
    const line = `readonly ${stated}\n`;
    assert.ok(script.includes(line));
    const lowered = line.replace(/\d+/, String(bound));
    writeFileSync(join(fakes, 'startup.sh'), script.replace(line, lowered));
  }

  describe('that is as it should be', () => {
    before(() => {
      prepare();
      const { status, stderr } = start();
      assert.equal(status, 0, stderr);
    });

    test('fetches those very versions, as the machine’s account, and starts the daemon', () => {
      assert.equal(fileOf('opt/mpcomm/peer.mjs'), BUNDLE);
      assert.equal(fileOf('opt/mpcomm/node'), NODE);
      assert.equal(statSync(join(root, 'opt/mpcomm/node')).mode & 0o777, 0o755);
      const storage =
        'https://storage.googleapis.com/storage/v1/b/my-laboratory-mpcomm-artifacts/o';
      const header = '(Authorization: Bearer a-token)';
      assert.ok(calls().includes(`${storage}/node.gz?alt=media&generation=17 ${header}`), calls());
      assert.ok(calls().includes(`${storage}/peer.mjs?alt=media&generation=18 ${header}`));
      const lines = calls().trimEnd().split('\n');
      assert.deepEqual(lines.slice(-2), [
        'systemctl daemon-reload',
        'systemctl restart mpcomm-peer.service',
      ]);
    });

    test('keeps the secret in memory, for root alone', () => {
      assert.equal(fileOf('run/mpcomm/secret'), SECRET_TEXT);
      assert.equal(statSync(join(root, 'run/mpcomm/secret')).mode & 0o777, 0o600);
      assert.equal(statSync(join(root, 'run/mpcomm')).mode & 0o777, 0o700);
      assert.ok(!fileOf('etc/mpcomm/peer.env').includes(SECRET_TEXT));
    });

    test('tells the daemon who it is', () => {
      assert.deepEqual(fileOf('etc/mpcomm/peer.env').trimEnd().split('\n'), [
        'NODE_ENV=production',
        'MPCOMM_BACKEND=gcp',
        'MPCOMM_PROJECT=my-laboratory',
        'MPCOMM_TOPIC=mpcomm-commands',
        'MPCOMM_DATABASE=(default)',
        'MPCOMM_PEER_ID=peer-0',
        'MPCOMM_ZONE=us-west1-b',
        'MPCOMM_HOST=10.64.3.2',
        'MPCOMM_BIND=10.64.3.2',
        'MPCOMM_PORT=4710',
        'MPCOMM_HEALTH_PORT=8080',
      ]);
    });

    test('reads the version of the secret that every peer reads, by its number', () => {
      assert.match(calls(), /secrets\/mpcomm-datagram-secret\/versions\/3:access /);
      assert.ok(!calls().includes('latest'));
    });

    test('stops what would look for updates, before anything is measured', () => {
      const stopped = calls().indexOf('systemctl mask --now --quiet apt-daily-upgrade.timer');
      assert.ok(stopped >= 0 && stopped < calls().indexOf('storage.googleapis.com'));
    });

    test('leaves a daemon alone that was told to exit, and answers its health check', () => {
      const peer = fileOf('etc/systemd/system/mpcomm-peer.service');
      const exited = fileOf('etc/systemd/system/mpcomm-exited.service');
      assert.match(peer, /^Restart=on-failure$/m);
      assert.match(peer, /^OnSuccess=mpcomm-exited\.service$/m);
      assert.match(exited, /^Conflicts=mpcomm-peer\.service$/m);
      assert.match(exited, /^ExecStart=\S+\/node \S+\/peer\.mjs --exited$/m);
      assert.ok(!exited.includes('LoadCredential'));
      // A unit that is enabled would start after a reboot before anything was checked.
      assert.ok(!`${peer}${exited}`.includes('[Install]'));
    });

    test(
      'writes units that systemd understands, and that give little away',
      { skip: !has('systemd-analyze') && 'systemd is not installed here' },
      () => {
        const units = ['mpcomm-peer', 'mpcomm-exited'].map((name) =>
          join(root, `etc/systemd/system/${name}.service`),
        );
        for (const unit of units) {
          const verified = spawnSync('systemd-analyze', ['verify', '--man=no', unit], {
            encoding: 'utf8',
            timeout: HANGS_AFTER_MS,
          });
          // Only what it says of our units: the rest is about the machine that this runs on.
          const said = verified.stderr.split('\n').filter((line) => /mpcomm/.test(line));
          assert.deepEqual(said, []);
          const exposed = execFileSync(
            'systemd-analyze',
            ['security', '--offline=true', '--json=short', '--threshold=30', unit],
            { encoding: 'utf8', timeout: HANGS_AFTER_MS },
          );
          assert.match(exposed, /^\[/);
        }
      },
    );

    // It goes on where the others looked, and so comes last.
    test('fetches nothing anew when the machine starts again', () => {
      rmSync(join(fakes, 'calls'));
      const { status } = start();
      assert.equal(status, 0);
      assert.ok(!calls().includes('storage.googleapis.com'));
      assert.ok(calls().includes('systemctl restart mpcomm-peer.service'));
    });
  });

  describe('of which something is wrong', () => {
    beforeEach(prepare);

    for (const [file, content] of [
      ['peer.mjs', 'console.log("another daemon");\n'],
      ['node.gz', gzipSync('another node')],
    ] as const) {
      test(`runs nothing when ${file} is not what was built`, () => {
        writeFileSync(join(fakes, file), content);
        const { status, stderr } = start();
        assert.equal(status, 1);
        assert.match(stderr, new RegExp(`${file}, generation 1[78], does not have the digest`));
        assert.ok(!calls().includes('systemctl restart'));
      });
    }

    test('gives up on an object that is not there, after a stated number of attempts', () => {
      rmSync(join(fakes, 'node.gz'));
      lowerBound('OBJECT_ATTEMPTS_MAX=12', 3);
      const { status, stderr } = start();
      assert.equal(status, 1);
      assert.match(stderr, /fetch failed \(attempt 3 of 3\)/);
      assert.ok(!stderr.includes('attempt 4'));
      assert.ok(!calls().includes('systemctl restart'));
    });

    test('gives up on a secret that never comes, and starts no daemon without', () => {
      rmSync(join(fakes, 'secret.json'));
      lowerBound('SECRET_ATTEMPTS_MAX=80', 4);
      const { status, stderr } = start();
      assert.equal(status, 1);
      assert.match(stderr, /fetch_secret failed \(attempt 4 of 4\)/);
      assert.ok(!existsSync(join(root, 'run/mpcomm/secret')));
      assert.ok(!calls().includes('systemctl restart'));
    });

    test('starts no daemon on a Node that does not start here', () => {
      const lame = gzipSync(
        '#!/bin/sh\necho libatomic.so.1: cannot open shared object file >&2\nexit 127\n',
      );
      const other = startupScript({ ...VALUES, NODE_SHA256: sha256(lame) });
      writeFileSync(join(fakes, 'startup.sh'), other);
      writeFileSync(join(fakes, 'node.gz'), lame);
      const { status, stderr } = start();
      assert.equal(status, 1);
      assert.match(stderr, /libatomic.*\n.*the deployed Node does not start on this machine/);
      assert.ok(!calls().includes('systemctl restart'));
    });
  });

  test(
    'is shell that a linter has nothing against',
    { skip: !has('shellcheck') && 'no shellcheck' },
    () => {
      const file = join(directory, 'startup.sh');
      writeFileSync(file, script);
      execFileSync('shellcheck', ['--shell=bash', file], { encoding: 'utf8' });
    },
  );
});

describe('a value of the script', () => {
  for (const value of ["it's", '$(reboot)', 'a b', '', 'a\nb', '`x`']) {
    test(`cannot be ${JSON.stringify(value)}`, () => {
      assert.throws(() => startupScript({ ...VALUES, ZONE: value }), /^Error: ZONE is .* script$/s);
    });
  }
});
