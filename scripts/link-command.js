// Runs after `npm ci`: puts the command where npx finds it, node_modules/.bin/mpcomm. With "bin" in package.json
// instead, npx would make a package of this folder in the user's cache and change the mode of cli/mpcomm.js,
// which only the owner of the files may: in an installation that several people share, the others got EPERM.
// Plain JavaScript, because the Node that npm runs on may be too old for the sources.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'node_modules', '.bin');
const link = join(folder, 'mpcomm');

try {
  mkdirSync(folder, { recursive: true });
  rmSync(link, { force: true });
  if (process.platform === 'win32') {
    writeFileSync(`${link}.cmd`, '@node "%~dp0\\..\\..\\cli\\mpcomm.js" %*\r\n');
  } else {
    symlinkSync(join('..', '..', 'cli', 'mpcomm.js'), link);
  }
} catch (error) {
  // An installation without the link works, only not for other users.
  console.error(`npx mpcomm may not work for other users: ${error.message}`);
}
