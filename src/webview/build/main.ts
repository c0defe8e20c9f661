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
import { applicable, isPreviewable } from './fields';
import { FormView } from './formView';
import { previewView } from './previewView';

const page = startPage<BuildPage, BuildHost, BuildStrings>({
  calls: {},
  notices: {},
});
const { channel, strings } = page;

/** A pause in typing after which the preview follows, ms. */
const typingPauseMs = 250;

let form: BuildForm = {};
/** What the host proposed for the reports table: it goes with the table, unless the user changed it. */
let suggested: BuildForm = {};
let previewing = new AbortController();
let previewTimer: ReturnType<typeof setTimeout> | undefined;
let building: AbortController | undefined;

const formView = new FormView(strings, { change, browse: (field) => void say(browse(field)) });
const preview = element('div', { class: 'preview-content' });
const previewStatus = element('p', { class: 'status', role: 'status' });
const result = element('div', { class: 'result', role: 'status' });
const buildButton = button({ class: 'primary' }, () => void build(), strings.build);
const taskButton = button(
  {},
  () => void say(channel.call('saveTask', applicable(form))),
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
      element('div', { class: 'buttons' }, buildButton, taskButton, copyButton),
      result,
    ),
    element(
      'section',
      { class: 'preview', 'aria-label': strings.preview },
      element('h2', {}, strings.preview),
      previewStatus,
      preview,
    ),
  ),
);
void say(start());

/** Begins with what was filled in before the page was hidden, else with what the host suggests. */
async function start(): Promise<void> {
  const kept = page.state as BuildForm | undefined;
  if (kept === undefined) {
    suggested = await channel.call('form', null);
  }
  show(kept ?? suggested);
}

function show(next: BuildForm): void {
  form = next;
  page.setState(form);
  formView.show(form);
  const isComplete = isPreviewable(form) && formView.isReadable;
  taskButton.disabled = copyButton.disabled = !isComplete;
  buildButton.disabled = !isComplete && building === undefined;
  clearTimeout(previewTimer);
  previewTimer = setTimeout(() => void showPreview(), typingPauseMs);
}

function change(changes: BuildForm): void {
  show({ ...form, ...changes });
  if (changes.reports !== undefined) {
    void say(suggest(changes.reports));
  }
}

/** Fills in what seems to belong to a reports table, where the user filled in nothing. */
async function suggest(reports: string): Promise<void> {
  const next = await channel.call('suggest', { reports });
  if (form.reports === reports) {
    const own = (Object.keys(form) as (keyof BuildForm)[]).filter(
      (name) => form[name] !== undefined && form[name] !== suggested[name],
    );
    suggested = next;
    show({ ...next, ...Object.fromEntries(own.map((name) => [name, form[name]])), reports });
  }
}

async function browse(field: PathField): Promise<void> {
  const paths = await channel.call('browse', { field, form });
  if (paths.length > 0) {
    change({ [field]: field === 'exclude' ? paths : paths[0] });
  }
}

async function showPreview(): Promise<void> {
  previewing.abort();
  previewing = new AbortController();
  const { signal } = previewing;
  if (!isPreviewable(form)) {
    preview.replaceChildren();
    previewStatus.textContent = strings.previewEmpty;
    return;
  }
  previewStatus.textContent = strings.previewing;
  try {
    const content = previewView(await channel.call('preview', applicable(form), signal), strings);
    previewStatus.textContent = '';
    preview.replaceChildren(content);
  } catch (error) {
    if (!signal.aborted) {
      previewStatus.textContent = '';
      preview.replaceChildren(problemView(error));
    }
  }
}

/** What happened in one line, what to do about it in the next. */
function problemView(thrown: unknown): HTMLElement {
  const { message, remedy } = problemOf(thrown);
  return element(
    'div',
    { class: 'problem', role: 'alert' },
    element('p', { class: 'message' }, message),
    remedy === undefined ? undefined : element('p', { class: 'remedy' }, remedy),
  );
}

/** Builds the files; while that lasts the button stops it. */
async function build(): Promise<void> {
  if (building !== undefined) {
    building.abort();
    return;
  }
  building = new AbortController();
  const { signal } = building;
  buildButton.textContent = strings.cancel;
  result.replaceChildren(
    element('progress', { 'aria-label': strings.building }),
    element('p', {}, strings.building),
  );
  try {
    const { files, questions, notes } = await channel.call('build', applicable(form), signal);
    result.replaceChildren(
      element('p', { class: 'done' }, '✓ ', fill(strings.built, questions)),
      ...files.map(({ path, questions: count }) =>
        element(
          'p',
          {},
          button({ class: 'link' }, () => void say(channel.call('open', { path })), path),
          ` ${count.toLocaleString()}`,
        ),
      ),
      ...notes.map((note) => element('p', { class: 'note' }, note)),
    );
  } catch (error) {
    result.replaceChildren(...(signal.aborted ? [] : [problemView(error)]));
  } finally {
    building = undefined;
    buildButton.textContent = strings.build;
    show(form);
  }
}

async function copyCommand(): Promise<void> {
  if (await say(channel.call('copyCommand', applicable(form)))) {
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
