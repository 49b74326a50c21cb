import { guardServers } from './guard-servers.ts';
import './index.ts';

/**
 * The entry of what is uploaded. Cloud Functions starts the Functions Framework's own command, which loads this
 * first and makes its server afterwards: so the server that it makes can be one that looks at requests first.
 */
guardServers(process.env['FUNCTION_TARGET'] ?? '');
