import { SCENES } from './scenes.ts';

/** The first half of `npm run rehearse`: plays every scene; the status is 1 when one did not end as it should. */
let bad = 0;
for (const { title, play } of SCENES) {
  process.stdout.write(`\n== ${title}\n`);
  const isGood = await play((text) => process.stdout.write(text));
  if (!isGood) bad += 1;
  process.stdout.write(`== ${isGood ? 'as it should be' : 'NOT as it should be'}\n`);
}
process.stdout.write(`\n${SCENES.length - bad} passed, ${bad} failed\n`);
process.exitCode = bad === 0 ? 0 : 1;
