import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  ConfigurationError,
  environmentSchema,
  readConfiguration,
} from '../../peer/configuration.ts';

const good = {
  MPCOMM_PEER_ID: 'peer-0',
  MPCOMM_ZONE: 'us-west1-b',
  MPCOMM_SECRET: 'x'.repeat(32),
};

describe('the daemon’s configuration', () => {
  test('needs three variables and has safe defaults', () => {
    expect(readConfiguration(good)).toMatchObject({
      host: '127.0.0.1',
      bind: '127.0.0.1',
      port: 0,
      network: 'real',
      transport: 'dgram',
      loss: 0,
    });
  });

  test.each([
    [{ MPCOMM_PEER_ID: 'Peer 0' }, 'MPCOMM_PEER_ID: a peer id is'],
    [{ MPCOMM_ZONE: 'moon' }, 'MPCOMM_ZONE: a zone looks like'],
    [{ MPCOMM_SECRET: 'short' }, 'MPCOMM_SECRET: '],
    [{ MPCOMM_SECRET: undefined }, 'MPCOMM_SECRET: '],
    [{ MPCOMM_PORT: '70000' }, 'MPCOMM_PORT: must be a whole number in 0..65535'],
    [{ MPCOMM_LOSS: '0.9' }, 'MPCOMM_LOSS: must be a rate in 0..0.5'],
    [{ MPCOMM_NETWORK: 'wet' }, 'MPCOMM_NETWORK: '],
    [{ MPCOMM_TRANSPORT: 'pigeon' }, 'MPCOMM_TRANSPORT: '],
    [{ MPCOMM_NETWORK: 'emulated', MPCOMM_ZONE: 'mars-north1-a' }, 'knows asia-east1'],
    [{ MPCOMM_SECRET: undefined, MPCOMM_SECRET_FILE: 'nowhere' }, 'MPCOMM_SECRET_FILE: nowhere'],
  ])('%j is refused by the name of the variable', (change, text) => {
    const read = () => readConfiguration({ ...good, ...change });
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(text);
  });

  test('all that is wrong is said at once', () => {
    expect(() => readConfiguration({})).toThrow(/MPCOMM_PEER_ID[^]*MPCOMM_ZONE[^]*MPCOMM_SECRET/);
  });

  test('the secret may come from a file, with its line end', () => {
    const read = readConfiguration(
      { ...good, MPCOMM_SECRET: undefined, MPCOMM_SECRET_FILE: 'secret' },
      () => `${'y'.repeat(40)}\n`,
    );
    expect(read.secret).toBe('y'.repeat(40));
  });

  test('every variable stands in docs/architecture.md', () => {
    const documented = readFileSync('docs/architecture.md', 'utf8');
    for (const name of Object.keys(environmentSchema.shape)) {
      expect(documented).toContain(`| \`${name}\` `);
    }
  });
});
