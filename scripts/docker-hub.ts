/** The longest time of an answer: Docker Hub answers in a second or two, or not at all. */
const ANSWER_MS_MAX = 20_000;

/** An image for several processors is a list of images; its digest pins them all. */
const LISTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Where images whose names begin with docker.io are. */
const DOCKER_HUB = 'https://index.docker.io';

/**
 * The digest that a tag of Docker Hub means now, as `sha256:...`. Throws with the reason where it cannot be told.
 * Who asks without a token is told where to get one, also as nobody
 * (https://distribution.github.io/distribution/spec/auth/token/); the digest is a header of the answer, without the
 * image itself (https://distribution.github.io/distribution/spec/api/#digest-header).
 */
export async function digestOfTag(
  repository: string,
  tag: string,
  hub = DOCKER_HUB,
): Promise<string> {
  const url = `${hub}/v2/${repository}/manifests/${encodeURIComponent(tag)}`;
  const first = await ask(url, { method: 'HEAD', headers: { accept: LISTS } });
  const challenge = first.headers.get('www-authenticate');
  const answer =
    first.status === 401 && challenge !== null
      ? await ask(url, {
          method: 'HEAD',
          headers: { accept: LISTS, authorization: `Bearer ${await tokenFor(challenge)}` },
        })
      : first;
  if (!answer.ok) throw new Error(`${new URL(url).host} answered ${answer.status}`);
  const digest = answer.headers.get('docker-content-digest');
  if (digest !== null && DIGEST.test(digest)) return digest;
  throw new Error(`${new URL(url).host} names no digest of ${repository}:${tag}`);
}

/** `challenge` is such as `Bearer realm="https://HOST/token",service="NAME",scope="repository:NAME:pull"`. */
async function tokenFor(challenge: string): Promise<string> {
  const words = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text]),
  );
  const url = new URL(words.get('realm') ?? '');
  for (const name of ['service', 'scope']) url.searchParams.set(name, words.get(name) ?? '');
  const answer = await ask(url.href);
  const { token } = (await answer.json()) as { token?: unknown };
  if (typeof token !== 'string') throw new Error(`${url.host} gave no token`);
  return token;
}

async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  const signal = AbortSignal.timeout(ANSWER_MS_MAX);
  return fetch(url, { ...init, signal }).catch((error: unknown) => {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${new URL(url).host} does not answer: ${why}`, { cause: error });
  });
}
