import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = 'docs/deploy.md';

/** The commands of docs/deploy.md under "Step by step", in their order, as they stand there. */
export function documentedCommands(root: string): string[] {
  const [, section] =
    /^## Step by step$(.*?)^### /ms.exec(readFileSync(join(root, PAGE), 'utf8')) ?? [];
  if (section === undefined) throw new Error(`${PAGE} has no "Step by step"`);
  return section
    .replace(/ \\\n\s+/g, ' ')
    .split('\n')
    .filter((line) => /^ {4}\S/.test(line))
    .map((line) => line.trim());
}

/** The options of the command there that makes a deployment. */
export function documentedDeployment(root: string): string {
  const command = documentedCommands(root).find((line) => line.startsWith('npm run deploy -- '));
  if (command === undefined) throw new Error(`${PAGE} has no line "npm run deploy -- ..."`);
  return command.replace('npm run deploy -- ', '');
}
