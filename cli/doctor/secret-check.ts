import { note, ok, wrong, type Check } from './check.ts';
import { SECRET_NAME, type SecretFact } from './secret-facts.ts';

const NAME = 'secret';

/**
 * Whether all machines read one version of the secret, and can: peers with different ones drop each other's
 * datagrams, and one that cannot read its version waits for it, and then gives up.
 */
export function checkSecret({ enabled, read }: SecretFact, project: string): Check {
  if (enabled === null) return wrong(NAME, `there is no ${SECRET_NAME}`, 'npm run deploy');
  const [newest] = enabled;
  if (newest === undefined) {
    return wrong(
      NAME,
      'it has no version that is enabled, and peers wait for one',
      'npm run deploy',
    );
  }
  const versions = [...new Set(read.values())].sort((one, other) => one - other);
  if (versions.length > 1) {
    const which = versions.map((version) => `${groupsOf(read, version)} version ${version}`);
    const detail = `machines read different ones, and drop each other's datagrams: ${which.join('; ')}`;
    return wrong(NAME, detail, 'npm run deploy -- --refresh');
  }
  const [version = newest] = versions;
  if (!enabled.includes(version)) {
    return wrong(
      NAME,
      `machines read version ${version}, which is not enabled`,
      `${command('enable', version, project)}, or npm run deploy -- --new-secret`,
    );
  }
  const told = read.size === 0 ? '' : `, which ${read.size} groups read`;
  const older = enabled.filter((each) => each < version);
  if (older.length > 0) {
    const detail = `version ${version}${told}; still enabled besides: ${older.join(', ')}`;
    return note(NAME, detail, command('disable', older[0]!, project));
  }
  return ok(NAME, `version ${version}${told}`);
}

function groupsOf(read: SecretFact['read'], version: number): string {
  return [...read]
    .filter(([, each]) => each === version)
    .map(([name]) => name)
    .join(', ');
}

function command(what: 'enable' | 'disable', version: number, project: string): string {
  return `gcloud secrets versions ${what} ${version} --secret ${SECRET_NAME} --project ${project}`;
}
