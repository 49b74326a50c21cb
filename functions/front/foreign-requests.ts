import type { IncomingMessage } from 'node:http';
import { createProblem, type Problem } from '../../control/problem.ts';
import { quoteHeader } from '../answer.ts';

/** Names of this machine's own loopback interface, with any port: a tunnel may end at another one. */
const LOOPBACK_HOST =
  /^(?:localhost|127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\])(?::\d{1,5})?$/i;

/** What a browser calls a request that a page of this very server makes, or that a person types. */
const OWN_SITES: readonly (string | undefined)[] = [undefined, 'same-origin', 'none'];

/**
 * What is wrong with where a request comes from, or `null`.
 *
 * The functions on this machine ask nobody for a password: whoever reaches them may use them. They are
 * meant for the programs of this machine, and a browser is a program that does what any page on the
 * internet tells it. So three headers are looked at that a page cannot write itself:
 *
 * - `Host` must name the loopback interface. A page whose own name was made to point to 127.0.0.1 (DNS
 *   rebinding) counts as this server's own to the browser, and only that name betrays it.
 * - `Origin`, which a browser adds to whatever could change something, must be this server.
 * - `Sec-Fetch-Site` (Fetch Metadata, a W3C working draft) must not say that another site asks. Another
 *   port of this machine is the same site, yet not this server.
 *
 * A request has exactly one Host (RFC 9112, 3.2): with two, somebody in between may have read the
 * other.
 */
export function foreignProblem(request: IncomingMessage): Problem | null {
  const hosts = countHeader(request, 'host');
  if (hosts !== 1) {
    const given = hosts === 0 ? 'none' : String(hosts);
    const detail = `A request needs exactly one header Host, and this one has ${given}.`;
    return createProblem('malformed-http', detail);
  }
  const { host = '', origin, 'sec-fetch-site': site } = request.headers;
  if (!LOOPBACK_HOST.test(host)) {
    const detail = `The request came with ${quoteHeader('Host', host)}; allowed are localhost, 127.0.0.1 and [::1].`;
    return createProblem('foreign-host', detail);
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return foreignOrigin(quoteHeader('Origin', origin));
  }
  return OWN_SITES.includes(site) ? null : foreignOrigin(quoteHeader('Sec-Fetch-Site', site));
}

function foreignOrigin(given: string): Problem {
  const detail = `The request came with ${given}: pages of other sites may not use this laboratory.`;
  return createProblem('foreign-origin', detail);
}

function countHeader({ rawHeaders }: IncomingMessage, name: string): number {
  // Names and values take turns in the list of raw headers.
  return rawHeaders.filter((text, place) => place % 2 === 0 && text.toLowerCase() === name).length;
}
