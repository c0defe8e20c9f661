// The workspace that F5 and `npm run vscode` open: what `npm run demo` left, or a small sample.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './lib/run.mjs';
import { isScript, main, say } from './lib/say.mjs';
import { ensureBuild, ensureRootPackages, root } from './setup.mjs';

const workspace = join(root, 'demo');

/** Gives the folder, with question files in it. Needs the build. */
export async function ensureSampleWorkspace() {
  const present = existsSync(workspace) ? readdirSync(workspace) : [];
  if (!present.some((name) => name.endsWith('.mcqa.jsonl'))) {
    say('Writing a sample corpus …');
    const inside = (name) => join(workspace, name);
    await ctMcqa('sample', workspace, '--volumes', '32', '--size', '32x64x64');
    await ctMcqa(
      ...['build', '--reports', inside('reports.csv'), '--metadata', inside('metadata.csv')],
      ...['--labels', inside('labels.csv'), '--images', inside('images')],
      ...['--out', inside('questions.mcqa.jsonl'), '--split', 'train=0.75,valid=0.25'],
    );
  }
  return workspace;
}

function ctMcqa(...args) {
  return run(process.execPath, [join(root, 'dist', 'cli.js'), ...args], {
    cwd: root,
    remedy: 'Remove the demo folder and try again.',
  });
}

if (isScript(import.meta.url)) {
  await main(async () => {
    await ensureRootPackages();
    await ensureBuild();
    await ensureSampleWorkspace();
  });
}
