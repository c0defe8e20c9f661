import {
  severityWord,
  type HeaderCheck,
  type HeaderDescription,
  type HeaderField,
} from '../../core/volume/headerDescription';
import type { HeaderPageStrings } from '../../protocol/headerPage';
import { dataTable } from '../shared/dataTable';
import { element } from '../shared/dom';
import { fill } from '../shared/format';
import { fieldMatches } from './headerFilter';

/** What is wrong with a header, then all its fields, then the extensions that follow it. */
export function headerPage(
  description: HeaderDescription,
  strings: HeaderPageStrings,
): HTMLElement {
  const { format, littleEndian, fields, checks, extensions } = description;
  return element(
    'section',
    { class: 'header-page', 'aria-label': strings.title, tabindex: 0 },
    element(
      'p',
      { class: 'format' },
      fill(
        strings.format,
        format === 'nifti1' ? 'NIfTI-1' : 'NIfTI-2',
        littleEndian ? strings.littleEndian : strings.bigEndian,
      ),
    ),
    element('h2', {}, strings.problems),
    checks.length === 0
      ? element('p', { class: 'no-problems' }, strings.noProblems)
      : element('ul', { class: 'checks' }, ...checks.map((check) => checkItem(check, strings))),
    element('h2', {}, strings.fields),
    ...fieldParts(fields, strings),
    ...(extensions.length === 0
      ? []
      : [
          element('h2', {}, strings.extensions),
          dataTable(
            [strings.code, strings.name, strings.bytes, strings.atByte],
            extensions.map(({ code, name, bytes, at }) => ({
              cells: [String(code), name, String(bytes), String(at)],
            })),
          ),
        ]),
  );
}

function checkItem(check: HeaderCheck, strings: HeaderPageStrings): HTMLElement {
  const { name, source, severity, message, remedy } = check;
  const word = severityWord(severity);
  return element(
    'li',
    { class: `check ${word}-level` },
    element(
      'p',
      { class: 'check-head' },
      element('strong', {}, fill(strings.severity, strings.severities[word], severity)),
      element('span', { class: 'check-name' }, fill(strings.sources[source], name)),
    ),
    element('p', { class: 'message' }, message),
    element('p', { class: 'remedy' }, remedy),
  );
}

/** The field to filter with, how many are left, and the table of all fields. */
function fieldParts(
  fields: readonly HeaderField[],
  strings: HeaderPageStrings,
): readonly HTMLElement[] {
  const rows = fields.map((field) => ({ field, row: fieldRow(field) }));
  const listed = element('span', { class: 'listed', role: 'status' });
  const filter = element('input', { type: 'search', spellcheck: 'false' });
  const show = (): void => {
    for (const { field, row } of rows) {
      row.hidden = !fieldMatches(field, filter.value);
    }
    const count = rows.filter(({ row }) => !row.hidden).length;
    listed.textContent = fill(strings.listed, count, rows.length);
  };
  filter.addEventListener('input', show);
  show();
  const heads = [strings.field, strings.type, strings.value, strings.meaning];
  return [
    element('p', { class: 'filter' }, element('label', {}, strings.filter, filter), listed),
    element(
      'table',
      { class: 'fields' },
      element(
        'thead',
        {},
        element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head))),
      ),
      element('tbody', {}, ...rows.map(({ row }) => row)),
    ),
  ];
}

function fieldRow({ name, type, value, meaning }: HeaderField): HTMLTableRowElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, name),
    element('td', { class: 'type' }, type),
    element('td', { class: 'value' }, value),
    element('td', {}, meaning),
  );
}
