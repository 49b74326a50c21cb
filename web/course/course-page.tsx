import type { JSX } from 'preact';

interface ShownCourse {
  readonly title: string;
  readonly about: string;
  readonly sessions: readonly {
    readonly title: string;
    readonly links: readonly {
      readonly title: string;
      readonly shows: string;
      readonly address: string;
    }[];
  }[];
}

/** web/course/course.json with everything in its addresses: cli/dashboard/build-web.ts puts it in the place of this name. */
declare const COURSE_TEXT: string;

/** A course as links: whoever teaches opens them one after the other. */
export function CoursePage(): JSX.Element {
  const { title, about, sessions } = JSON.parse(COURSE_TEXT) as ShownCourse;
  return (
    <>
      <h1>{title}</h1>
      <p>{about}</p>
      {sessions.map((session) => (
        <section key={session.title} class="session" aria-label={session.title}>
          <h2>{session.title}</h2>
          <ul>
            {session.links.map((link) => (
              <li key={link.address}>
                <a href={link.address}>{link.title}</a>
                <p>{link.shows}</p>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <p class="quiet">
        A course of one's own is a file: <code>web/course/course.json</code>, which{' '}
        <code>npm run build:web</code> makes this page from.
      </p>
    </>
  );
}
