import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runNpm } from './run-npm.ts';

/** The list of what is delivered, as CycloneDX 1.5 in JSON: `npm run sbom` writes dist/sbom.cdx.json. */
const OUT = 'dist/sbom.cdx.json';
const NPM_MS_MAX = 120_000;

interface Bom {
  bomFormat: string;
  metadata: { component: { name: string } };
  components: { name: string; version: string; properties?: { name: string; value: string }[] }[];
}

async function main(): Promise<void> {
  const root = resolve(import.meta.dirname, '..');
  const options = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'];
  const { status, stdout, stderr } = await runNpm(options, root, NPM_MS_MAX);
  if (status !== 0) throw new Error(`npm sbom ended with ${status ?? 'a timeout'}: ${stderr}`);
  const bom = JSON.parse(stdout) as Bom;
  const { name } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    name: string;
  };
  // npm calls the project by its folder.
  bom.metadata.component.name = name;
  await mkdir(join(root, 'dist'), { recursive: true });
  await writeFile(join(root, OUT), `${JSON.stringify(bom, null, 2)}\n`);
  console.log(`${OUT}: ${bom.components.length} packages that are needed in production`);
}

await main();
