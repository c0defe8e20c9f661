import {
  isUnexpected,
  type DatasetOverview,
  type Distribution,
  type Expectation,
  type FileOverlap,
  type OverviewFact,
  type OverviewResult,
} from '../../core/dataset/overviewResult';
import type { OverviewPlace, OverviewStrings } from '../../protocol/overview';
import { dataTable } from '../shared/dataTable';
import { button, element } from '../shared/dom';
import { fill, percent } from '../shared/format';
import { barChart } from './bars';
import { chartOf, rangeWords, type Chart } from './chartModel';
import { columnChart } from './columns';

const drawn: Readonly<Record<Chart['form'], (chart: Chart) => HTMLElement>> = {
  columns: columnChart,
  bars: barChart,
};

/** What the files hold: one file at a time, and what they have in common. */
export class OverviewView {
  readonly root = element('main', {});
  private readonly content = element('div', { class: 'file' });
  private readonly tabs: readonly HTMLButtonElement[];

  constructor(
    private readonly result: OverviewResult,
    private file: number,
    private readonly strings: OverviewStrings,
    private readonly actions: {
      readonly reveal: (place: OverviewPlace) => void;
      /** Remembers which file is shown. */
      readonly remember: (file: number) => void;
    },
  ) {
    const { files, overlaps } = result;
    this.tabs = files.map(({ path }, i) =>
      button(
        { class: 'segment', title: path },
        () => {
          this.choose(i);
        },
        fileName(path),
      ),
    );
    this.root.append(
      element('h1', {}, files.map(({ path }) => fileName(path)).join(', ')),
      ...(files.length > 1
        ? [
            overlapSection(files, overlaps, strings),
            element(
              'div',
              { class: 'segments', role: 'group', 'aria-label': strings.files },
              ...this.tabs,
            ),
          ]
        : []),
      this.content,
    );
    this.choose(Math.min(file, files.length - 1));
  }

  private choose(file: number): void {
    this.file = file;
    this.actions.remember(file);
    this.tabs.forEach((tab, i) => {
      tab.setAttribute('aria-pressed', String(i === file));
    });
    this.content.replaceChildren(...this.fileParts(this.result.files[file]));
  }

  private fileParts({ facts, distributions }: DatasetOverview): HTMLElement[] {
    const { strings } = this;
    const isProblem = ({ line }: OverviewFact): boolean => line !== undefined;
    const numbers = facts.filter(
      (fact) => !isProblem(fact) && (fact.value > 0 || fact.name === 'questions' || fact.expected),
    );
    return [
      element('div', { class: 'tiles' }, ...numbers.map((fact) => tile(fact, strings))),
      this.problems(facts, distributions),
      ...(distributions.length === 0 ? [element('p', {}, strings.noQuestions)] : []),
      element(
        'div',
        { class: 'plots' },
        ...distributions.map((each) => chartCard(chartOf(each, strings), strings)),
      ),
    ];
  }

  private linkTo(line: number): HTMLButtonElement {
    return button(
      { class: 'link' },
      () => {
        this.actions.reveal({ file: this.file, line });
      },
      fill(this.strings.firstLine, line),
    );
  }

  /** What should not be there, and what chance does not explain. */
  private problems(
    facts: readonly OverviewFact[],
    distributions: readonly Distribution[],
  ): HTMLElement {
    const { strings } = this;
    const rows = [
      ...facts.flatMap(({ name, value, line, expected }) =>
        line === undefined
          ? oddity(strings.facts[name], value, expected, strings)
          : [problemRow(strings.facts[name], value, this.linkTo(line))],
      ),
      ...distributions.flatMap(({ name, rows }) =>
        rows.flatMap(({ name: row, counts, expected }) =>
          oddity(`${strings.distributions[name]}, ${row}`, counts[0], expected, strings),
        ),
      ),
    ];
    return element(
      'section',
      { class: rows.length === 0 ? 'problems' : 'problems warning' },
      element('h2', {}, strings.problems),
      rows.length === 0 ? element('p', {}, `✓ ${strings.noProblems}`) : element('ul', {}, ...rows),
    );
  }
}

/** A row for a number that chance does not explain. */
function oddity(
  name: string,
  value: number,
  expected: Expectation | undefined,
  strings: OverviewStrings,
): HTMLElement[] {
  return expected !== undefined && isUnexpected(value, expected)
    ? [problemRow(name, value, rangeWords(expected, strings))]
    : [];
}

function problemRow(name: string, value: number, note: Node | string): HTMLElement {
  const number = element('span', { class: 'number' }, value.toLocaleString());
  return element('li', {}, `${name}: `, number, ', ', note);
}

/** A number with its name; one that chance does not explain is marked. */
function tile({ name, value, of, expected }: OverviewFact, strings: OverviewStrings): HTMLElement {
  const isOdd = isUnexpected(value, expected);
  const notes = [
    ...(of === undefined ? [] : [`(${percent(of === 0 ? 0 : value / of)})`]),
    ...(expected === undefined ? [] : [rangeWords(expected, strings)]),
  ];
  return element(
    'div',
    { class: isOdd ? 'tile odd' : 'tile' },
    element('span', { class: 'name' }, strings.facts[name]),
    element('span', { class: 'value' }, value.toLocaleString()),
    notes.length === 0 ? undefined : element('span', { class: 'note' }, notes.join(' ')),
    isOdd ? element('span', { class: 'odd-note' }, `! ${strings.unexpected}`) : undefined,
  );
}

function chartCard(chart: Chart, strings: OverviewStrings): HTMLElement {
  const keys =
    chart.series.length > 1
      ? chart.series.map((name, s) => element('span', { class: `key series-${s}` }, name))
      : [element('span', { class: 'unit' }, chart.series[0])];
  const hasExpectation = chart.groups.some(({ bars }) => bars[0].expected !== undefined);
  return element(
    'section',
    { class: 'plot-card', 'data-name': chart.name },
    element(
      'div',
      { class: 'plot-head' },
      element('h2', {}, chart.title),
      ...keys,
      ...(hasExpectation ? [element('span', { class: 'key expected' }, strings.expected)] : []),
    ),
    drawn[chart.form](chart),
    chart.note === '' ? undefined : element('p', { class: 'chart-note' }, chart.note),
    element(
      'details',
      { class: 'table' },
      element('summary', {}, strings.table),
      element(
        'div',
        { class: 'rows' },
        dataTable(
          chart.heads,
          chart.rows.map((cells) => ({ cells })),
        ),
      ),
    ),
  );
}

function overlapSection(
  files: readonly DatasetOverview[],
  overlaps: readonly FileOverlap[],
  { overlaps: title, overlapsHint, files: head, facts }: OverviewStrings,
): HTMLElement {
  return element(
    'section',
    { class: 'overlaps' },
    element('h2', {}, title),
    element('p', { class: 'hint' }, overlapsHint),
    dataTable(
      [head, facts.volumes, facts.patients, facts.distinctTexts],
      overlaps.map(({ files: pair, volumes, patients, texts }) => ({
        cells: [
          pair.map((file) => fileName(files[file].path)).join(' – '),
          String(volumes),
          String(patients),
          String(texts),
        ],
        ...(volumes + patients > 0 && { class: 'shared' }),
      })),
    ),
  );
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
