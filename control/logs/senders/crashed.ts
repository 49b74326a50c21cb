import { spellUnprintable } from '../../printable.ts';
import { LogError } from '../text/log-text.ts';
import type { Owners, Parties } from './parties.ts';

/**
 * The logs of the peers that `words` name as crashed: each by what the logs call it, by its file, or by
 * the number in the name of its file.
 * @throws LogError for a word that names no peer, or may name two.
 */
export function findCrashed(
  { files, fileNumbers }: Pick<Parties, 'files' | 'fileNumbers'>,
  owners: Owners,
  words: readonly string[],
): Set<number> {
  const called = owners.names.map((name, log) => spellUnprintable(name ?? baseName(files[log]!)));
  return new Set(
    words.map((word) => {
      const byName = places(owners.names, (name) => name === word);
      const byFile = places(files, (file) => {
        // A file system may have its names in another normal form than the keyboard.
        const name = file.normalize();
        return [name, baseName(name), stem(name)].includes(word);
      });
      const byNumber = /^\d+$/.test(word)
        ? places(fileNumbers ?? [], (number) => number === Number(word))
        : [];
      const found = [...new Set([...byName, ...byFile, ...byNumber])];
      if (found.length === 1) return found[0]!;
      const allowed = `allowed is one of ${called.join(', ')}, or the name of a file`;
      if (found.length === 0) throw new LogError(`--crashed ${word} names no peer: ${allowed}`);
      const these = found.map((log) => `${called[log]!} (${files[log]!})`).join(' or ');
      throw new LogError(`--crashed ${word} may mean ${these}: allowed is the name of a file`);
    }),
  );
}

function places<Item>(items: readonly Item[], matches: (item: Item) => boolean): number[] {
  return items.flatMap((item, place) => (matches(item) ? [place] : []));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function stem(path: string): string {
  return baseName(path).replace(/\.[^.]*$/, '');
}
