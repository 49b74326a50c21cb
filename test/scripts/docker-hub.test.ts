import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOfTag } from '../../scripts/docker-hub.ts';

const DIGEST = `sha256:${'5'.repeat(64)}`;

describe('the digest behind a tag of Docker Hub', () => {
  const asked: string[] = [];
  let server: Server;
  let hub: string;
  let told: string;

  /** Answers as Docker Hub does: to nobody without a token, which everybody is given. */
  function answer({ method, url, headers }: IncomingMessage, response: ServerResponse): void {
    asked.push(`${method} ${url}`);
    if (url!.startsWith('/token')) {
      response.end(JSON.stringify({ token: 'a-token' }));
      return;
    }
    if (headers.authorization !== 'Bearer a-token') {
      const words = `realm="${hub}/token",service="hub",scope="repository:library/node:pull"`;
      response.writeHead(401, { 'www-authenticate': `Bearer ${words}` }).end();
      return;
    }
    const isKnown = url!.endsWith('/24-slim') && headers.accept!.includes('image.index');
    response.writeHead(isKnown ? 200 : 404, { 'docker-content-digest': told }).end();
  }

  beforeAll(async () => {
    server = createServer(answer);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    hub = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.close();
  });

  test('is asked for as nobody, without the image itself', async () => {
    told = DIGEST;
    expect(await digestOfTag('library/node', '24-slim', hub)).toBe(DIGEST);
    expect(asked).toEqual([
      'HEAD /v2/library/node/manifests/24-slim',
      'GET /token?service=hub&scope=repository%3Alibrary%2Fnode%3Apull',
      'HEAD /v2/library/node/manifests/24-slim',
    ]);
  });

  test('is not made up', async () => {
    told = 'latest';
    await expect(digestOfTag('library/node', '24-slim', hub)).rejects.toThrow('names no digest');
    await expect(digestOfTag('library/node', '99-slim', hub)).rejects.toThrow('answered 404');
    const nobody = 'http://127.0.0.1:9';
    await expect(digestOfTag('library/node', '24-slim', nobody)).rejects.toThrow('does not answer');
  });
});
