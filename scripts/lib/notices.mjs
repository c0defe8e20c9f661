// The licences of everything by others that the package holds.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Shipped beside the bundles, not in them. */
const unbundled = ['onnxruntime-common', 'onnxruntime-node'];

/** For packages that name their licence but do not carry its text. */
const mit = (holder) => `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;
const knownTexts = {
  'onnxruntime-common': mit('Microsoft Corporation'),
  'onnxruntime-node': mit('Microsoft Corporation'),
};

/** Markdown: one section a package. `sources`: the files that went into the bundles. */
export async function thirdPartyNotices(root, sources) {
  const bundled = sources.flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  const names = [...new Set([...bundled, ...unbundled])].sort();
  const sections = await Promise.all(
    names.map((name) => section(join(root, 'node_modules', name), name)),
  );
  return `# Third-party notices\n\nThis extension contains the packages below; the text files under models/ name their own licences.\n\n${sections.join('\n')}`;
}

async function section(folder, name) {
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const text = (await licenceText(folder)) ?? knownTexts[name];
  if (text === undefined) {
    throw new Error(`${name} carries no licence text; add one to ${import.meta.filename}.`);
  }
  return `## ${name} ${version} (${license})\n\n\`\`\`\n${text.trim()}\n\`\`\`\n`;
}

async function licenceText(folder) {
  const names = await readdir(folder);
  const name = names.find((file) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(file));
  return name && readFile(join(folder, name), 'utf8');
}
