import { element } from './dom';

export interface DataRow {
  readonly cells: readonly string[];
  readonly class?: string;
}

/** Numbers under their heads, for screen readers and for reading them off. */
export function dataTable(heads: readonly string[], rows: readonly DataRow[]): HTMLTableElement {
  return element(
    'table',
    { class: 'data' },
    element(
      'thead',
      {},
      element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head))),
    ),
    element(
      'tbody',
      {},
      ...rows.map((row) =>
        element('tr', { class: row.class }, ...row.cells.map((cell) => element('td', {}, cell))),
      ),
    ),
  );
}
