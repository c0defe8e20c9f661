/**
 * A language pack that switches VS Code to a language without translating VS Code itself.
 * The real packs are only on the marketplace; what extensions translate is seen with this one too.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const publisher = 'ct-mcqa-tests';
const version = '1.0.0';

/** Puts the pack where an editor with this `home` finds it; to be done before it starts. */
export async function addLanguagePack(home: string, language: string): Promise<void> {
  const name = `language-${language}`;
  const id = `${publisher}.${name}`;
  const folder = join(home, 'extensions', `${id}-${version}`);
  const translation = join(folder, 'main.i18n.json');
  await mkdir(folder, { recursive: true });
  await mkdir(join(home, 'profile'), { recursive: true });
  await writeJson(translation, { version, contents: {} });
  await writeJson(join(folder, 'package.json'), {
    name,
    publisher,
    version,
    engines: { vscode: '^1.0.0' },
    contributes: {
      localizations: [
        {
          languageId: language,
          languageName: language,
          localizedLanguageName: language,
          translations: [{ id: 'vscode', path: './main.i18n.json' }],
        },
      ],
    },
  });
  // The server writes this list only when a pack is installed while it runs.
  await writeJson(join(home, 'profile', 'languagepacks.json'), {
    [language]: {
      hash: version,
      label: language,
      extensions: [{ extensionIdentifier: { id }, version }],
      translations: { vscode: translation },
    },
  });
}

function writeJson(path: string, value: unknown): Promise<void> {
  return writeFile(path, JSON.stringify(value));
}
