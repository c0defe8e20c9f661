// Writes docs/rules.md from the table of lint rules; run by tsx, since the table is TypeScript.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { rulesPage } from '../src/core/dataset/lint/rulesPage.ts';

const path = join(import.meta.dirname, '..', 'docs', 'rules.md');
const style = await prettier.resolveConfig(path);
await writeFile(path, await prettier.format(rulesPage(), { ...style, filepath: path }));
