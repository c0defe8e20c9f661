import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commandTable } from '../../../src/extension/commands/table';
import {
  colorIds,
  commandIds,
  configurationSection,
  languageId,
  questionFileSuffix,
  toolNames,
  viewTypes,
  volumeFilePattern,
} from '../../../src/extension/ids';
import { settingsTable } from '../../../src/extension/settingsTable';
import { devices } from '../../../src/core/run';
import { readJson } from './sourceStrings';

interface Manifest {
  main: string;
  icon: string;
  activationEvents: string[];
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string; enablement?: string }[];
    menus: Record<string, { command: string; when: string }[]>;
    keybindings: { command: string; key: string; mac: string; when: string }[];
    languages: { id: string; extensions: string[]; configuration: string; icon: object }[];
    grammars: { path: string; scopeName: string }[];
    jsonValidation: { url: string }[];
    customEditors: { viewType: string; selector: { filenamePattern: string }[] }[];
    configuration: {
      properties: Record<string, { scope: string; enum?: string[]; default: unknown }>;
    };
    colors: { id: string }[];
    languageModelTools: {
      name: string;
      inputSchema: { required: string[]; properties: object };
      modelDescription: string;
    }[];
  };
}

const manifest = readJson('package.json') as Manifest;
const { contributes } = manifest;
const english = readJson('package.nls.json') as Record<string, string>;
const chinese = readJson('package.nls.zh-cn.json') as Record<string, string>;
const root = join(import.meta.dirname, '../../..');

describe('package.json', () => {
  it('contributes the commands of the table, and no other', () => {
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).sort(),
      commandTable.map(({ id }) => id).sort(),
    );
    assert.deepEqual(commandTable.map(({ id }) => id).sort(), Object.values(commandIds).sort());
  });

  it('titles each command and greys out those that need trust', () => {
    for (const { id, title, needsTrust } of commandTable) {
      const contributed = contributes.commands.find(({ command }) => command === id);
      assert.equal(contributed?.title, `%${title}%`);
      assert.equal(contributed.enablement, needsTrust ? 'isWorkspaceTrusted' : undefined, id);
    }
  });

  it('puts commands of the table into menus, on files they serve only', () => {
    const known = new Set<string>(Object.values(commandIds));
    for (const entry of Object.values(contributes.menus).flat()) {
      assert.ok(known.has(entry.command), entry.command);
      const files = /resourceFilename =~ \/(.*)\//.exec(entry.when)?.[1];
      if (files !== undefined) {
        const served = new RegExp(files);
        const own = ['scan.nii', 'scan.nii.gz', 'set.mcqa.jsonl'].filter((name) =>
          served.test(name),
        );
        assert.ok(own.length > 0, entry.when);
        assert.ok(!served.test('archive.gz') && !served.test('notes.jsonl'), entry.when);
      } else {
        assert.match(
          entry.when,
          /^(resourceLangId == ct-mcqa|activeCustomEditorId == ctMcqa\.preview)$/,
        );
      }
    }
  });

  it('binds keys in question files and on their card only', () => {
    const known = new Set<string>(Object.values(commandIds));
    const { keybindings } = contributes;
    for (const { command, when } of keybindings) {
      assert.ok(known.has(command), command);
      assert.equal(
        when,
        `editorTextFocus && editorLangId == ${languageId} || activeWebviewPanelId == ${viewTypes.questionCard}`,
      );
    }
    assert.equal(new Set(keybindings.map(({ key }) => key)).size, keybindings.length);
  });

  it('contributes the settings of the table, restricted where they need trust', () => {
    const { properties } = contributes.configuration;
    const prefix = `${configurationSection}.`;
    assert.deepEqual(
      Object.keys(properties).sort(),
      Object.keys(settingsTable)
        .map((key) => prefix + key)
        .sort(),
    );
    for (const [key, { scope }] of Object.entries(settingsTable)) {
      assert.equal(properties[prefix + key].scope, scope, key);
      assert.notEqual(properties[prefix + key].default, undefined, key);
    }
    assert.deepEqual(
      manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.toSorted(),
      Object.entries(settingsTable)
        .filter(([, { needsTrust }]) => needsTrust)
        .map(([key]) => prefix + key)
        .sort(),
    );
    assert.deepEqual(properties[`${prefix}device`].enum, devices);
  });

  it('names language, custom editor, colours and tools as the code does', () => {
    assert.deepEqual(
      contributes.languages.map(({ id, extensions }) => [id, extensions]),
      [[languageId, [questionFileSuffix]]],
    );
    const [editor] = contributes.customEditors;
    assert.equal(editor.viewType, viewTypes.preview);
    for (const { filenamePattern } of editor.selector) {
      assert.ok(volumeFilePattern.test(filenamePattern.replace('*', 'scan')));
    }
    assert.deepEqual(contributes.colors.map(({ id }) => id).sort(), Object.values(colorIds).sort());
    assert.deepEqual(
      contributes.languageModelTools.map(({ name }) => name).sort(),
      Object.values(toolNames).sort(),
    );
  });

  it('describes each tool to models: what comes back, and when not to call it', () => {
    for (const { name, modelDescription, inputSchema } of contributes.languageModelTools) {
      assert.match(name, /^[a-z]+(_[a-z]+)+$/);
      assert.match(modelDescription, /return/);
      assert.match(modelDescription, /Do not use it/);
      for (const required of inputSchema.required) {
        assert.ok(required in inputSchema.properties, `${name}.${required}`);
      }
    }
  });

  it('is activated by what it contributes alone', () => {
    assert.deepEqual(manifest.activationEvents, []);
  });

  it('points to files that are there', () => {
    const paths = [
      manifest.icon,
      ...contributes.grammars.map(({ path }) => path),
      ...contributes.languages.flatMap(({ configuration, icon }) => [
        configuration,
        ...(Object.values(icon) as string[]),
      ]),
      ...contributes.jsonValidation.map(({ url }) => url),
    ];
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(root, path))),
      [],
    );
  });

  it('has a text in both languages for every key, and no key in vain', () => {
    const keys = new Set(
      [...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key),
    );
    assert.deepEqual([...keys].sort(), Object.keys(english).sort());
    assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
    for (const [key, text] of Object.entries({ ...english, ...chinese })) {
      assert.notEqual(text.trim(), '', key);
    }
  });
});
