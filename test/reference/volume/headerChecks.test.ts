import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HeaderDescription } from '../../../src/core/volume/headerDescription';
import { describeHeader } from '../../../src/core/volume/headerFields';
import { visibleText } from '../../../src/core/volume/headerValues';
import { readHeaderDescription } from '../../../src/core/volume/readHeaderDescription';
import { needShared } from '../../shared';

/** A check that found something; without a level nibabel itself crashed over it. */
type Report = readonly [check: string, level: number | null, message: string];

interface HeaderCase {
  readonly name: string;
  /** Bytes of the good header that are replaced. */
  readonly patches: readonly (readonly [at: number, byte: number])[];
  /** Names of codes that the good header does not have; null where nibabel knows none. */
  readonly labels: Readonly<Record<string, string | null>>;
  readonly reports: readonly Report[];
}

/** A good header and damaged ones, with what nibabel says of them; made by make.py beside it. */
interface HeaderGroup {
  readonly format: HeaderDescription['format'];
  readonly littleEndian: boolean;
  /** Base64. */
  readonly header: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly cases: readonly HeaderCase[];
}

const folder = join(__dirname, 'fixtures', 'headers');
const { groups } = JSON.parse(readFileSync(join(folder, 'headers.json'), 'utf8')) as {
  readonly groups: readonly HeaderGroup[];
};
const files = JSON.parse(readFileSync(join(folder, 'files.json'), 'utf8')) as Readonly<
  Record<string, Pick<HeaderCase, 'reports'> & Pick<HeaderGroup, 'format'>>
>;

for (const { format, littleEndian, header, fields, cases } of groups) {
  describe(`checks of ${format}, ${littleEndian ? 'little' : 'big'}-endian, against nibabel`, () => {
    it('read every field, in order', async () => {
      const description = await describeHeader(Buffer.from(header, 'base64'), 'good.nii');
      assert.deepEqual(
        description.fields.map(({ name }) => name),
        Object.keys(fields),
      );
      for (const { name, type, value } of description.fields) {
        if (type.startsWith('char')) {
          assert.equal(value, fields[name]);
        } else {
          const round = type.startsWith('float32') ? Math.fround : Number;
          assert.deepEqual(
            value.split(' ').map((number) => round(Number(number))),
            fields[name].split(' ').map(Number),
            name,
          );
        }
      }
    });

    for (const { name, patches, labels, reports } of cases) {
      it(name, async () => {
        const bytes = Uint8Array.from(Buffer.from(header, 'base64'));
        for (const [at, byte] of patches) {
          bytes[at] = byte;
        }
        const description = await describeHeader(bytes, 'scan.nii');
        assert.deepEqual([description.format, description.littleEndian], [format, littleEndian]);
        sameReports(description, reports);
        const meanings = new Map(description.fields.map((field) => [field.name, field.meaning]));
        for (const [field, label] of Object.entries(labels)) {
          sameMeaning(meanings.get(field), label);
        }
      });
    }
  });
}

describe('checks of odd files against nibabel', () => {
  for (const [name, { format, reports }] of Object.entries(files)) {
    it(name, async function () {
      const path = needShared(this, 'data', 'nifti-odd', ...name.split('/'));
      const description = await readHeaderDescription(path);
      assert.equal(description.format, format);
      sameReports(description, reports);
    });
  }
});

function sameReports({ checks }: HeaderDescription, reports: readonly Report[]): void {
  const found = checks
    .filter(({ source }) => source === 'nibabel')
    .map(({ name, severity, message }) => [name, severity, message]);
  const crashes = new Set(reports.filter(([, level]) => level === null).map(([name]) => name));
  const byName = (a: readonly unknown[], b: readonly unknown[]): number =>
    String(a[0]).localeCompare(String(b[0]));
  assert.deepEqual(
    found.filter(([name]) => !crashes.has(String(name))).sort(byName),
    reports
      .filter(([, level]) => level !== null)
      .map(([name, level, message]) => [name, level, visibleText(message)])
      .sort(byName),
  );
}

function sameMeaning(meaning: string | undefined, label: string | null): void {
  if (label === null || label.startsWith('<unknown code')) {
    assert.match(String(meaning), /unknown code/);
  } else {
    assert.equal(meaning, label);
  }
}
