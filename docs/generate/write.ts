/** `npm run docs` */
import { writeFileSync } from 'node:fs';
import { PAGES } from './pages.ts';

for (const [file, text] of Object.entries(PAGES)) {
  writeFileSync(new URL(`../${file}`, import.meta.url), text());
  console.log(`docs/${file}`);
}
