import type {
  ContextSource,
  VolumeContext,
  VolumeLabels,
  VolumeReport,
  VolumeScan,
} from '../../core/dataset/volumeContext';
import type {
  ContextPart,
  ContextParts,
  PanelQuestion,
  PanelQuestions,
  ReadingProgress,
  ReportPanelCalls,
  ReportPanelStrings,
} from '../../protocol/volumeContext';
import { button, definitions, element } from '../shared/dom';
import { fill } from '../shared/format';
import { ContextPartView } from './contextPart';
import { questionEntry, type QuestionActions } from './questionEntry';
import {
  labelChips,
  labelCount,
  questionsAbsence,
  reportAbsence,
  reportSections,
  sourceText,
  tableScanRows,
} from './reportModel';

export interface ReportPanelActions extends QuestionActions {
  readonly load: <P extends ContextPart>(part: P, signal: AbortSignal) => Promise<ContextParts[P]>;
  /** Whether the user chose a table. */
  readonly chooseTable: () => Promise<boolean>;
  readonly showSource: (source: ContextSource) => void;
}

/** So few questions are open from the start. */
const mostOpen = 2;

/** Report, labels, patient and scan, and questions of the volume that is shown beside it. */
export class ReportPanel {
  readonly root: HTMLElement;
  private readonly tables: ContextPartView<VolumeContext>;
  private readonly questions: ContextPartView<PanelQuestions>;
  /** What the user opened and closed, by file and line. */
  private readonly opened = new Map<string, boolean>();

  constructor(
    private readonly strings: ReportPanelStrings,
    private readonly actions: ReportPanelActions,
  ) {
    this.tables = new ContextPartView(
      strings,
      (signal) => actions.load('tables', signal),
      (context) => this.tableParts(context),
    );
    this.questions = new ContextPartView(
      strings,
      (signal) => actions.load('questions', signal),
      (questions) => this.questionParts(questions),
    );
    this.root = element(
      'section',
      { class: 'report-panel', 'aria-label': strings.title },
      this.tables.root,
      this.questions.root,
    );
  }

  /** The panel is seen: what is not read yet, or changed since, is read. */
  open(): void {
    this.tables.open();
    this.questions.open();
  }

  /** What a part was read from changed. */
  changed(part: ContextPart): void {
    this[part].changed();
  }

  progress(part: ContextPart, amount: ReadingProgress): void {
    this[part].progress(amount);
  }

  /** Shows what is known already, without asking for it. */
  show({ tables, questions }: Partial<ContextParts>): void {
    if (tables !== undefined) {
      this.tables.show(tables);
    }
    if (questions !== undefined) {
      this.questions.show(questions);
    }
  }

  private tableParts(context: VolumeContext): HTMLElement[] {
    const { report, labels, scan, leftOutBy, problems } = context;
    const absence = reportAbsence(context, this.strings);
    return [
      ...leftOutBy.map((source) =>
        element(
          'p',
          { class: 'warning', role: 'note' },
          `${fill(this.strings.leftOut, context.volume)} `,
          this.sourceLink(source),
        ),
      ),
      ...(report === undefined ? [] : this.reportParts(report)),
      ...(absence === undefined ? [] : [this.absent(this.strings.report, absence)]),
      ...(labels === undefined ? [] : [this.labelsPart(labels)]),
      ...(scan === undefined ? [] : [this.scanPart(scan)]),
      ...this.problemParts(problems.map(({ message }) => message)),
    ];
  }

  private reportParts(report: VolumeReport): HTMLElement[] {
    const sections = reportSections(report, this.strings).map(([heading, text]) =>
      element('section', {}, element('h2', {}, heading), element('p', { class: 'text' }, text)),
    );
    return [...sections, this.sourceLine(report.source)];
  }

  private labelsPart(labels: VolumeLabels): HTMLElement {
    const { strings } = this;
    const chips = labelChips(labels).map(({ name, state, sign }) =>
      element(
        'li',
        { class: `chip ${state}` },
        element('span', { 'aria-hidden': 'true' }, `${sign} `),
        name,
        element('span', { class: 'for-screen-readers' }, `: ${strings[state]}`),
      ),
    );
    return element(
      'section',
      {},
      element('h2', {}, strings.labels),
      element('p', { class: 'quiet' }, labelCount(labels, strings)),
      element('ul', { class: 'chips' }, ...chips),
      this.sourceLine(labels.source),
    );
  }

  private scanPart(scan: VolumeScan): HTMLElement {
    const { strings } = this;
    const hasRescale = scan.rescaleSlope !== undefined || scan.rescaleIntercept !== undefined;
    return element(
      'section',
      {},
      element('h2', {}, strings.patientAndScan),
      definitions(tableScanRows(scan, strings)),
      hasRescale ? element('p', { class: 'quiet' }, strings.rescaleHint) : undefined,
      this.sourceLine(scan.source),
    );
  }

  private questionParts(all: PanelQuestions): HTMLElement[] {
    const { strings } = this;
    const absence = questionsAbsence(all, strings);
    const entries = all.questions.map((question) =>
      this.questionEntry(question, all.questions.length <= mostOpen),
    );
    return [
      element('h2', {}, strings.questions),
      ...(absence === undefined ? [] : [element('p', { class: 'quiet' }, absence)]),
      element('ul', { class: 'questions' }, ...entries),
      ...(all.more === 0
        ? []
        : [element('p', { class: 'quiet' }, fill(strings.moreQuestions, all.more))]),
      ...this.problemParts(all.problems),
    ];
  }

  private questionEntry(question: PanelQuestion, isOpenFirst: boolean): HTMLElement {
    const key = `${question.path}\n${question.line}`;
    return questionEntry(question, this.strings, this.actions, {
      isOpen: this.opened.get(key) ?? isOpenFirst,
      toggle: (isOpen) => {
        this.opened.set(key, isOpen);
      },
    });
  }

  /** What is not there, and what to do about it. */
  private absent(heading: string, message: string): HTMLElement {
    const choose = button(
      {},
      () => {
        void this.chooseTable();
      },
      this.strings.chooseTable,
    );
    return element(
      'section',
      { class: 'absent' },
      element('h2', {}, heading),
      element('p', { class: 'quiet' }, message),
      choose,
    );
  }

  private async chooseTable(): Promise<void> {
    if (await this.actions.chooseTable()) {
      this.tables.changed();
    }
  }

  private sourceLine(source: ContextSource): HTMLElement {
    return element('p', { class: 'source' }, this.sourceLink(source));
  }

  private sourceLink(source: ContextSource): HTMLElement {
    return button(
      { class: 'link', title: `${this.strings.showSource} (${source.path})` },
      () => {
        this.actions.showSource(source);
      },
      sourceText(source, this.strings),
    );
  }

  private problemParts(problems: readonly string[]): HTMLElement[] {
    return problems.length === 0
      ? []
      : [
          element(
            'details',
            { class: 'problems' },
            element('summary', {}, fill(this.strings.problems, problems.length)),
            element('ul', {}, ...problems.map((problem) => element('li', {}, problem))),
          ),
        ];
  }
}

type CallNamed<M extends ReportPanelCalls['method']> = Extract<ReportPanelCalls, { method: M }>;

/** The calls of the host that the panel makes. */
export type ReportHost = {
  readonly [M in ReportPanelCalls['method']]: (
    params: CallNamed<M>['params'],
    signal?: AbortSignal,
  ) => Promise<CallNamed<M>['result']>;
};

/** What the panel asks of the host about a file of the page. */
export function reportActions(
  host: ReportHost,
  file: number,
): Omit<ReportPanelActions, 'onQuestion' | 'onOption'> {
  const loads: {
    readonly [P in ContextPart]: (signal: AbortSignal) => Promise<ContextParts[P]>;
  } = {
    tables: (signal) => host.contextTables({ file }, signal),
    questions: (signal) => host.contextQuestions({ file }, signal),
  };
  return {
    load: (part, signal) => loads[part](signal),
    chooseTable: () => host.chooseTable({ file }),
    showSource: (source) => void host.showSource({ file, ...source }),
    showQuestion: ({ path, line }, on) => void host.showQuestion({ file, path, line, on }),
    showOptionVolume: ({ path, line }, option) =>
      void host.showOptionVolume({ file, path, line, option }),
  };
}
