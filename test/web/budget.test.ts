import { beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import {
  buildWeb,
  LABORATORY_FILES,
  type PageFile,
  TYPES_FILES,
  zippedBytes,
} from '../../cli/dashboard/build-web.ts';

/** Everything that a plain host's visitor may load but the editor, which is loaded when somebody opens it. */
const ZIPPED_BYTES_MAX = 178_000;
/** The pages that only a dashboard opens, over the loopback interface of its own machine. */
const LABORATORY_BYTES_MAX = 40_000;
/** TypeScript, for whoever has types checked. */
const TYPES_BYTES_MAX = 1_300_000;

describe('the built page', () => {
  let files: PageFile[];
  beforeAll(async () => {
    files = await buildWeb(join(import.meta.dirname, '../..'));
  });

  test('is small enough for a slow line', () => {
    const rest = files.filter(
      ({ name }) =>
        name !== 'licences.txt' &&
        !name.includes('/editor-') &&
        !LABORATORY_FILES.test(name) &&
        !TYPES_FILES.test(name),
    );
    expect(zippedBytes(rest)).toBeLessThan(ZIPPED_BYTES_MAX);
    const laboratory = files.filter(({ name }) => LABORATORY_FILES.test(name));
    expect(laboratory).toHaveLength(3);
    expect(zippedBytes(laboratory)).toBeLessThan(LABORATORY_BYTES_MAX);
    const types = files.filter(({ name }) => TYPES_FILES.test(name));
    expect([types.length, zippedBytes(types) < TYPES_BYTES_MAX]).toEqual([1, true]);
  });

  test('is kept for when there is no network, but for what a dashboard shows and TypeScript', () => {
    const offline = new TextDecoder().decode(
      files.find(({ name }) => name === 'offline.js')!.content,
    );
    const assets = files.map(({ name }) => name).filter((name) => name.startsWith('assets/'));
    const left = assets.filter((name) => !offline.includes(name));
    expect(left).toEqual(
      assets.filter((name) => LABORATORY_FILES.test(name) || TYPES_FILES.test(name)),
    );
  });

  test('allows no script but its own, and asks no other host for anything', () => {
    const html = new TextDecoder().decode(files.find(({ name }) => name === 'index.html')!.content);
    expect(html).toContain("default-src 'none'; script-src 'self'");
    expect(html).not.toMatch(/https?:|unsafe-(?:inline|eval)|<script(?![^>]*src=)|\{\{/);
    for (const [, path] of html.matchAll(/(?:src|href)="(assets[^"]*)"/g)) {
      expect(files.map(({ name }) => name)).toContain(path);
    }
  });

  test('brings the licences of what it is made of', () => {
    const { content } = files.find(({ name }) => name === 'licences.txt')!;
    const text = new TextDecoder().decode(content);
    for (const name of ['preact', '@codemirror/view', 'sucrase', 'd3-zoom']) {
      expect(text).toMatch(new RegExp(`^${name}\\n\\n[^]*?(?:MIT|Permission)`, 'm'));
    }
  });

  test('has names that change with what they hold', () => {
    const assets = files.map(({ name }) => name).filter((name) => name.startsWith('assets/'));
    expect(assets.length).toBeGreaterThanOrEqual(3);
    expect(
      assets.filter((name) => !/^assets\/[a-z0-9-]+-[0-9A-Z]{8}\.(?:js|css|html)$/.test(name)),
    ).toEqual([]);
  });
});
