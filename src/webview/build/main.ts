import { UserError } from '../../core/errors';
import type { BuildResult } from '../../core/dataset/build';
import type {
  BuildForm,
  BuildHost,
  BuildPage,
  BuildStrings,
  PathField,
} from '../../protocol/build';
import { problemOf } from '../shared/cards';
import { button, element } from '../shared/dom';
import { fill } from '../shared/format';
import { startPage } from '../shared/page';
import { ProgressLine } from '../shared/progressLine';
import { applicable, isPreviewable } from './fields';
import { FormState } from './formState';
import { FormView } from './formView';
import { Latest } from './latest';
import { leftOutNotes, previewView } from './previewView';

const page = startPage<BuildPage, BuildHost, BuildStrings>({
  calls: {},
  notices: {
    progress: ({ of, ...amount }) => {
      const { work, line } = tasks[of];
      if (work.isRunning) {
        line.show(amount);
      }
    },
  },
});
const { channel, strings } = page;

/** A pause in typing after which the preview follows, ms. */
const typingPauseMs = 250;

const tasks = {
  preview: { work: new Latest(), line: new ProgressLine(strings.previewing) },
  build: { work: new Latest(), line: new ProgressLine(strings.building) },
} as const;
const state = new FormState(page.state);
let previewTimer: ReturnType<typeof setTimeout> | undefined;

const formView = new FormView(strings, { change, browse: (field) => void say(browse(field)) });
const preview = element('div', { class: 'preview-content' });
const previewStatus = element('p', { class: 'status', role: 'status' });
const result = element('div', { class: 'result', role: 'status' });
const buildButton = button({ class: 'primary' }, () => void toggleBuild(), strings.build);
const taskButton = button(
  {},
  () => void say(channel.call('saveTask', applicable(state.form))),
  strings.saveTask,
);
const copyButton = button({}, () => void copyCommand(), strings.copyCommand);

document.body.replaceChildren(
  element(
    'main',
    {},
    element(
      'div',
      { class: 'side' },
      element('h1', {}, strings.title),
      formView.root,
      // Stays in sight with what comes of it, however far down the form goes.
      element(
        'div',
        { class: 'footer' },
        element('div', { class: 'buttons' }, buildButton, taskButton, copyButton),
        tasks.build.line.root,
        result,
      ),
    ),
    element(
      'section',
      { class: 'preview', 'aria-label': strings.preview },
      element('h2', {}, strings.preview),
      tasks.preview.line.root,
      previewStatus,
      preview,
    ),
  ),
);
void say(start());

/** Begins with what was filled in before the page was hidden, else with what the host suggests. */
async function start(): Promise<void> {
  state.begin(await channel.call('form', null));
  show();
}

function show(): void {
  page.setState(state.kept);
  formView.show(state.form);
  showButtons();
  clearTimeout(previewTimer);
  if (state.mayRead) {
    previewTimer = setTimeout(() => void showPreview(), typingPauseMs);
  } else {
    offerPreview();
  }
}

function showButtons(): void {
  const isComplete = isPreviewable(state.form) && formView.isReadable;
  const isBuilding = tasks.build.work.isRunning;
  taskButton.disabled = copyButton.disabled = !isComplete;
  buildButton.disabled = !isComplete && !isBuilding;
  buildButton.textContent = isBuilding ? strings.cancel : strings.build;
}

function change(changes: BuildForm): void {
  state.change(changes);
  show();
  if (changes.reports !== undefined) {
    void say(suggest(changes.reports));
  }
}

/** Fills in what seems to belong to a reports table. */
async function suggest(reports: string): Promise<void> {
  if (state.propose(reports, await channel.call('suggest', { reports }))) {
    show();
  }
}

async function browse(field: PathField): Promise<void> {
  const paths = await channel.call('browse', { field, form: state.form });
  if (paths.length > 0) {
    change({ [field]: field === 'exclude' ? paths : paths[0] });
  }
}

/** Says why nothing is read yet, with a button that reads. */
function offerPreview(): void {
  const read = (): void => {
    state.allowReading();
    show();
  };
  previewStatus.textContent = strings.previewUntrusted;
  preview.replaceChildren(button({ class: 'read' }, read, strings.preview));
}

async function showPreview(): Promise<void> {
  const { work, line } = tasks.preview;
  if (!isPreviewable(state.form)) {
    work.stop();
    line.end();
    preview.replaceChildren();
    previewStatus.textContent = strings.previewEmpty;
    return;
  }
  previewStatus.textContent = '';
  line.begin(strings.previewing);
  const form = applicable(state.form);
  const outcome = await work.run((signal) => channel.call('preview', form, signal));
  if (outcome !== undefined) {
    line.end();
    preview.replaceChildren(
      'error' in outcome
        ? problemView(outcome.error, { role: 'alert' })
        : previewView(outcome.value, strings),
    );
  }
}

/** What happened in one line, what to do about it in the next, and buttons to do it with. */
function problemView(
  thrown: unknown,
  /** None where it stands in a region that is read out anyway. */
  { role }: { readonly role?: 'alert' } = {},
  ...buttons: readonly HTMLButtonElement[]
): HTMLElement {
  const { message, remedy } = problemOf(thrown);
  return element(
    'div',
    { class: 'problem', role },
    element('p', { class: 'message' }, message),
    remedy === undefined ? undefined : element('p', { class: 'remedy' }, remedy),
    ...buttons,
  );
}

/** Builds the files; while that lasts the button stops it. */
async function toggleBuild(): Promise<void> {
  const { work, line } = tasks.build;
  if (work.isRunning) {
    work.stop();
    line.end();
    showButtons();
  } else {
    await build(applicable(state.form), false);
  }
}

async function build(form: BuildForm, replace: boolean): Promise<void> {
  const { work, line } = tasks.build;
  result.replaceChildren();
  line.begin(strings.building);
  const ended = work.run((signal) => channel.call('build', { form, replace }, signal));
  showButtons();
  const outcome = await ended;
  if (outcome !== undefined) {
    line.end();
    result.replaceChildren(
      ...('error' in outcome ? [buildProblem(outcome.error, form)] : builtParts(outcome.value)),
    );
    show();
  }
}

/** Why a build failed; where files would be replaced, the user may want just that. */
function buildProblem(error: unknown, form: BuildForm): HTMLElement {
  const isThere = error instanceof UserError && error.code === 'build-exists';
  const replace = button({ class: 'replace' }, () => void build(form, true), strings.replace);
  return problemView(error, {}, ...(isThere ? [replace] : []));
}

function builtParts({ files, questions, notes, skipped }: BuildResult): HTMLElement[] {
  return [
    element('p', { class: 'done' }, '✓ ', fill(strings.built, questions)),
    ...files.map(({ path, questions: count }) =>
      element(
        'p',
        {},
        button({ class: 'link' }, () => void say(channel.call('open', { path })), path),
        ` ${count.toLocaleString()}`,
      ),
    ),
    ...leftOutNotes(skipped, strings),
    ...notes.map((note) => element('p', { class: 'note' }, note)),
  ];
}

async function copyCommand(): Promise<void> {
  if (await say(channel.call('copyCommand', applicable(state.form)))) {
    result.replaceChildren(element('p', {}, strings.copied));
  }
}

/** True once done; what went wrong is shown. */
async function say(action: Promise<unknown>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (error) {
    result.replaceChildren(problemView(error));
    return false;
  }
}
