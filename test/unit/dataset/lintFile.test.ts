import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lintFile } from '../../../src/core/dataset/lint';
import type { LintFinding } from '../../../src/core/dataset/lint';
import { IdTable } from '../../../src/core/dataset/lint/idTable';
import {
  PlacedLine,
  QuestionLine,
  QuestionSurroundings,
} from '../../../src/core/dataset/lint/questionLine';
import { JsonLine } from '../../../src/core/dataset/jsonl';
import { textFileRules } from '../../../src/core/dataset/lint/rules/textRules';
import { sarifLog } from '../../../src/core/dataset/lint/sarif';
import { niftiFile } from '../volume/niftiFile';
import { questionLine, temporaryFolder } from './fixtures';

const linesOf = (findings: readonly LintFinding[], rule: string): number[] =>
  findings.filter((finding) => finding.rule === rule).map(({ line }) => line);

const nodule = { text: 'Nodule.', label: 1 };

describe('rules that need the files around a question file', () => {
  const folder = temporaryFolder();

  async function bytesAt(name: string, bytes: Uint8Array): Promise<string> {
    const path = join(folder.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    return path;
  }

  it('foreign-encoding is all that is said of a file in UTF-16', async () => {
    const text = `${questionLine()}\n{`;
    const little = Buffer.from(text, 'utf16le');
    for (const bytes of [
      Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
      little,
      Buffer.from(little).swap16(),
    ]) {
      const findings = await lintFile(await bytesAt('a.mcqa.jsonl', bytes));
      assert.deepEqual(
        findings.map(({ rule, line }) => [rule, line]),
        [['foreign-encoding', 0]],
      );
    }
  });

  it('file-too-large begins above 50 MB, counted as the editor counts', () => {
    const rule = textFileRules.find(({ name }) => name === 'file-too-large');
    const sizes = (offset: number): unknown[] => {
      const found: unknown[] = [];
      const check = rule?.start({
        imageRoots: [],
        neighbours: [],
        sideFileProblem: () => undefined,
        imageFile: () => undefined,
        imageHeaders: () => [],
      });
      const question = new QuestionLine(new JsonLine('{}'), new QuestionSurroundings());
      check?.visit?.(new PlacedLine(1, offset, '', question), () => assert.fail());
      check?.finish?.((_line, _place, values) => found.push(values?.size));
      return found;
    };
    assert.deepEqual(sizes(50 * 2 ** 20 - 2), []);
    assert.deepEqual(sizes(60 * 2 ** 20), [60]);
  });

  it('parts that cannot be read are no fault of the file at hand', async () => {
    const path = await folder.write('q.train.mcqa.jsonl', questionLine());
    await mkdir(join(folder.path, 'q.valid.mcqa.jsonl'));
    assert.deepEqual(linesOf(await lintFile(path), 'patient-in-two-parts'), []);
  });

  it('a table that is no file is told, not waited for', async () => {
    await folder.write('a.mcqa.json', '{"version":1,"reports":"/dev/zero","labels":"/dev/zero"}');
    const path = await folder.write(
      'a.mcqa.jsonl',
      questionLine({ options: [nodule, { ref: 'train_2_a_1', label: 0 }] }),
    );
    assert.deepEqual(linesOf(await lintFile(path), 'side-file-invalid'), [0]);
  });

  it('equal-labels compares the findings of a distractor with those of the scan', async () => {
    await folder.write(
      'labels.csv',
      'VolumeName,Nodule,Effusion\ntrain_1_a_1,1,0\ntrain_2_a_1,1,0\ntrain_3_a_1,1,1\n',
    );
    await folder.write('a.mcqa.json', '{"version":1,"labels":"labels.csv"}');
    const line = (source: string): string =>
      questionLine({
        id: source,
        options: [
          { text: 'Nodule.', label: 1 },
          { text: 'Clear.', label: 0, source },
        ],
      });
    const path = await folder.write(
      'a.mcqa.jsonl',
      [line('train_3_a_1'), line('train_2_a_1'), line('train_9_a_1')].join('\n'),
    );
    assert.deepEqual(linesOf(await lintFile(path), 'equal-labels'), [1]);
  });

  it('image headers tell what is unreadable, 4-D or no CT', async () => {
    const spacing = { pixdim: [1, 1, 1, 5] } as const;
    const volumes: Readonly<Record<string, Uint8Array>> = {
      'good.nii': niftiFile({ shape: [64, 64, 64], ...spacing }),
      'broken.nii': Buffer.from('this is no volume'),
      'four.nii': niftiFile({ shape: [64, 64, 64, 3], ...spacing }),
      'mask.nii': niftiFile({ shape: [64, 64, 64], dtype: 'uint8', ...spacing }),
      'flat.nii': niftiFile({ shape: [64, 64, 1], ...spacing }),
    };
    for (const [name, bytes] of Object.entries(volumes)) {
      await bytesAt(name, bytes);
    }
    const path = await folder.write(
      'a.mcqa.jsonl',
      Object.keys(volumes)
        .map((image_path) => questionLine({ id: image_path, image_path }))
        .join('\n'),
    );
    assert.deepEqual(
      (await lintFile(path)).map(({ rule, line }) => [line, rule]),
      [
        [1, 'image-unreadable'],
        [2, 'image-4d'],
        [3, 'image-not-ct'],
        [4, 'image-not-ct'],
      ],
    );
  });

  it('text-only-shortcut is found where distractors sound otherwise, and not where they do not', async () => {
    const told = async (wordOfTruth: string): Promise<number> => {
      const text = Array.from({ length: 200 }, (_, index) => {
        const options = ['one', 'two', 'three', 'four'].map((word, option) => ({
          text: `Report ${word} of ${(index * 7 + option * 13) % 50}${option === index % 4 ? ` ${wordOfTruth}` : ' lung'}.`,
          label: option === index % 4 ? 1 : 0,
        }));
        return questionLine({ id: `q${index}`, options });
      }).join('\n');
      const path = await folder.write('a.mcqa.jsonl', text);
      return linesOf(await lintFile(path), 'text-only-shortcut').length;
    };
    assert.equal(await told('scan'), 1);
    assert.equal(await told('lung'), 0);
  });

  it('patients and texts of one part are missed in the other', async () => {
    const question = (id: string, volume: string, source: string): string =>
      questionLine({
        id,
        image_path: `${volume}.nii.gz`,
        options: [
          { text: 'Nodule.', label: 1, source: volume },
          { text: 'Clear.', label: 0, source },
        ],
      });
    await folder.write(
      'set.valid.mcqa.jsonl',
      `${question('a', 'train_7_a_1', 'train_8_a_1')}\n${question('b', 'train_5_b_1', 'train_8_a_1')}`,
    );
    await folder.write('other.valid.mcqa.jsonl', question('a', 'train_3_a_1', 'train_4_a_1'));
    const path = await folder.write(
      'set.train.mcqa.jsonl',
      [
        question('a', 'train_3_a_1', 'train_4_a_1'),
        question('b', 'train_5_a_1', 'train_4_a_1'),
        question('c', 'train_6_a_1', 'train_7_a_2'),
      ].join('\n'),
    );
    const found = (await lintFile(path, {}, { rules: ['MCQ601', 'MCQ602'] })).map(
      ({ rule, line, values }) => [rule, line, values.file, values.line],
    );
    assert.deepEqual(found, [
      ['patient-in-two-parts', 1, 'set.valid.mcqa.jsonl', 2],
      ['text-from-other-part', 2, 'set.valid.mcqa.jsonl', 1],
    ]);
  });
});

describe('the choice of rules', () => {
  const folder = temporaryFolder();
  const codes = (findings: readonly LintFinding[]): string[][] =>
    findings.map(({ code, severity }) => [code, severity]);

  it('is made by set, by settings and by the side file, which counts most', async () => {
    const path = await folder.write('a.mcqa.jsonl', questionLine({ mode: 'odd' }));
    const all = [
      ['MCQ402', 'warning'],
      ['MCQ106', 'warning'],
    ];
    assert.deepEqual(codes(await lintFile(path)), all);
    assert.deepEqual(codes(await lintFile(path, {}, { rules: 'basic' })), [['MCQ106', 'warning']]);
    assert.deepEqual(codes(await lintFile(path, {}, { rules: ['image-missing'] })), [
      ['MCQ402', 'warning'],
    ]);
    const levels = { 'unknown-mode': 'off', MCQ402: 'error' } as const;
    assert.deepEqual(codes(await lintFile(path, {}, { levels })), [['MCQ402', 'error']]);
    await folder.write('a.mcqa.json', '{"version":1,"lint":{"rules":{"MCQ402":"off"}}}');
    assert.deepEqual(codes(await lintFile(path, {}, { levels })), []);
  });

  it('refuses rules that there are not', async () => {
    const path = await folder.write('a.mcqa.jsonl', questionLine());
    await assert.rejects(lintFile(path, {}, { rules: ['MCQ999'] }), { code: 'lint-rule-unknown' });
    await folder.write('a.mcqa.json', '{"version":1,"lint":{"rules":{"MCQ999":"off"}}}');
    const [{ rule, message }] = await lintFile(path);
    assert.equal(rule, 'side-file-invalid');
    assert.match(message, /MCQ999/);
  });

  it('takes the token limit of the side file', async () => {
    const path = await folder.write('a.mcqa.jsonl', questionLine());
    await folder.write('a.mcqa.json', '{"version":1,"lint":{"token_limit":8}}');
    const found = await lintFile(path, {}, { rules: ['option-cut'] });
    assert.deepEqual(
      found.map(({ values }) => values.tokens),
      [9],
    );
  });
});

describe('SARIF', () => {
  interface Log {
    readonly version: string;
    readonly runs: readonly {
      readonly columnKind: string;
      readonly tool: { driver: { rules: { id: string; helpUri: string }[] } };
      readonly artifacts: { location: { uri: string; uriBaseId?: string } }[];
      readonly results: {
        ruleId: string;
        ruleIndex: number;
        level: string;
        message: { text: string };
        locations: { physicalLocation: { artifactLocation: object; region: object } }[];
        fixes?: { artifactChanges: { replacements: object[] }[] }[];
      }[];
    }[];
  }
  const folder = temporaryFolder();

  it('says where and what, in UTF-16 columns from 1 and paths below the root', async () => {
    const line = questionLine({ id: '😀数', mode: 'odd' }).replace('"odd"', '"odd",}');
    const path = await folder.write('in side/a#1.mcqa.jsonl', `\n${line.slice(0, -1)}`);
    const findings = await lintFile(path, {}, { rules: 'basic' });
    const settings = {
      root: folder.path,
      rulesPage: new URL('file:///d/rules.md'),
      version: '1.2.3',
    };
    const log = JSON.parse(JSON.stringify(sarifLog([{ path, findings }], settings))) as Log;
    const [run] = log.runs;
    const { rules } = run.tool.driver;
    assert.equal(log.version, '2.1.0');
    assert.equal(run.columnKind, 'utf16CodeUnits');
    assert.deepEqual(run.artifacts, [
      { location: { uri: 'in%20side/a%231.mcqa.jsonl', uriBaseId: 'SRCROOT' } },
    ]);
    const [result] = run.results;
    const column = line.indexOf(',}') + 1;
    const region = { startLine: 2, startColumn: column, endLine: 2, endColumn: column + 1 };
    assert.equal(result.ruleId, 'MCQ002');
    assert.equal(rules[result.ruleIndex].id, 'MCQ002');
    assert.equal(rules[result.ruleIndex].helpUri, 'file:///d/rules.md#mcq002');
    assert.equal(result.level, 'error');
    assert.deepEqual(result.locations[0].physicalLocation, {
      artifactLocation: { uri: 'in%20side/a%231.mcqa.jsonl', uriBaseId: 'SRCROOT', index: 0 },
      region,
    });
    assert.deepEqual(result.fixes?.[0].artifactChanges[0].replacements, [
      { deletedRegion: region, insertedContent: { text: '' } },
    ]);
  });

  it('names files elsewhere by their whole path', () => {
    const settings = {
      root: join(folder.path, 'x'),
      rulesPage: new URL('file:///r'),
      version: '1.0.0',
    };
    const path = join(folder.path, 'a.mcqa.jsonl');
    const log = JSON.parse(JSON.stringify(sarifLog([{ path, findings: [] }], settings))) as Log;
    assert.match(log.runs[0].artifacts[0].location.uri, /^file:\/\/\/.*a\.mcqa\.jsonl$/);
  });
});

describe('IdTable', () => {
  it('knows the first line of each of many ids', () => {
    const ids = new IdTable();
    const count = 50_000;
    for (let line = 1; line <= count; line++) {
      assert.equal(ids.firstLineOf(`question-${line}`, line), undefined);
    }
    for (let line = 1; line <= count; line += 97) {
      assert.equal(ids.firstLineOf(`question-${line}`, count + line), line);
    }
  });
});
