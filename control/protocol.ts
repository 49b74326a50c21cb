import { WIRE_VERSION } from '../core/wire/datagram.ts';

/**
 * The version of what functions and peers say to each other: it is raised whenever a command gets another form, or may say
 * more (2: up to 64 members, where a peer of version 1 refuses more than 32).
 */
const COMMAND_VERSION = 2;

/**
 * What functions and the members of a run have to agree on: the form of datagrams and that of commands. A peer says it
 * in the registry, since one of another version would refuse its command, or all datagrams, without a word to anybody.
 * While a new version is deployed, there are both for some minutes.
 */
export const PROTOCOL = `${WIRE_VERSION}.${COMMAND_VERSION}`;
