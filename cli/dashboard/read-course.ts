import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { GUARANTEE_NAMES } from '../../core/guarantees.ts';
import { Failure, messageOf } from '../shell/failure.ts';

/** Where a course lies, below the project's folder. */
export const COURSE_FILE = 'web/course/course.json';
/** The longest file that a link holds: the page takes no longer one from it (web/own/packed-source.ts). */
export const HAND_IN_BYTES_MAX = 60_000;

const claimsSchema = z.record(z.string(), z.array(z.enum(GUARANTEE_NAMES))).optional();
const toldSchema = z.strictObject({
  title: z.string().min(1),
  /** What whoever follows the link sees, in a sentence or two. */
  shows: z.string().min(1),
  /** By ordering, guarantees that are broken there, and that hold; a test asks whether that is so. */
  breaks: claimsSchema,
  holds: claimsSchema,
});
const linkSchema = toldSchema
  .extend({
    /** What the address of the page has behind its host. */
    address: z
      .string()
      .regex(/^#\/[a-z]+(?:\?.*)?$/, 'an address here is what the page has from its # on')
      .optional(),
    /** A file of somebody's ordering, which the address then holds. */
    handIn: z.string().min(1).optional(),
  })
  .refine(({ address, handIn }) => (address === undefined) !== (handIn === undefined), {
    error: 'a link has either an address or a handIn',
  });
const courseSchema = z.strictObject({
  title: z.string().min(1),
  about: z.string().min(1),
  sessions: z.array(
    z.strictObject({ title: z.string().min(1), links: z.array(linkSchema).min(1) }),
  ),
});

/** A link of a course with everything that it opens in its address. */
export interface BuiltCourseLink extends z.infer<typeof toldSchema> {
  readonly address: string;
}

export interface BuiltCourse {
  readonly title: string;
  readonly about: string;
  readonly sessions: readonly {
    readonly title: string;
    readonly links: readonly BuiltCourseLink[];
  }[];
}

/** The course of the project at `root`. Throws `Failure` that says what is wrong with its file, or with a hand-in. */
export async function readCourse(root: string): Promise<BuiltCourse> {
  const course = parseCourse(await readText(root, COURSE_FILE));
  const sessions = course.sessions.map(async ({ title, links }) => ({
    title,
    links: await Promise.all(links.map((link) => buildLink(root, link))),
  }));
  return { ...course, sessions: await Promise.all(sessions) };
}

function parseCourse(text: string): z.infer<typeof courseSchema> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Failure(`${COURSE_FILE} is no JSON: ${messageOf(error)}`);
  }
  const parsed = courseSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new Failure(`${COURSE_FILE} is no course:\n${z.prettifyError(parsed.error)}`);
}

async function buildLink(root: string, link: z.infer<typeof linkSchema>): Promise<BuiltCourseLink> {
  const { address, handIn, ...told } = link;
  if (handIn === undefined) return { ...told, address: address! };
  const text = Buffer.from(await readText(root, handIn));
  if (text.length > HAND_IN_BYTES_MAX) {
    throw new Failure(
      `${handIn} has ${text.length} bytes, and the page opens links with up to ${HAND_IN_BYTES_MAX}`,
    );
  }
  // The page unpacks the same (web/own/packed-source.ts).
  const packed = deflateRawSync(text).toString('base64url');
  return { ...told, address: `#/own?source=${packed}` };
}

async function readText(root: string, path: string): Promise<string> {
  try {
    return await readFile(join(root, path), 'utf8');
  } catch (error) {
    throw new Failure(`the course has no ${path}: ${messageOf(error)}`);
  }
}
