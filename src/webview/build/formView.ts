import type { BuildForm, BuildStrings, PathField } from '../../protocol/build';
import { button, element, select, setAttributes } from '../shared/dom';
import { fill } from '../shared/format';
import { fields, words } from './fields';
import type { Field, FieldGroup, WordField } from './fields';

export interface FormActions {
  /** The user changed a field; nothing of the form where what it holds now cannot be read. */
  readonly change: (change: BuildForm) => void;
  readonly browse: (field: PathField) => void;
}

/** The fields of the form; `show` brings them up to what the form says. */
export class FormView {
  readonly root: HTMLElement;
  private readonly rows: readonly { readonly field: Field; readonly row: Row }[];

  constructor(
    private readonly strings: BuildStrings,
    actions: FormActions,
  ) {
    this.rows = fields.map((field) => ({ field, row: rowOf(field, strings, actions) }));
    this.root = element(
      'form',
      { class: 'fields' },
      element('p', { class: 'help' }, strings.required),
      this.group('sources'),
      this.group('questions'),
      this.group('output'),
    );
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
    });
  }

  show(form: BuildForm): void {
    for (const { field, row } of this.rows) {
      row.root.hidden = field.applies?.(form) === false;
      row.show(form);
    }
  }

  /** False while a field that is shown holds something that means nothing. */
  get isReadable(): boolean {
    return this.root.querySelector('.field:not([hidden]) [aria-invalid="true"]') === null;
  }

  private group(group: FieldGroup): HTMLElement {
    const rows = this.rows.filter(({ field }) => field.group === group);
    return element(
      'fieldset',
      {},
      element('legend', {}, this.strings[group]),
      ...rows.map(({ row }) => row.root),
    );
  }
}

interface Row {
  readonly root: HTMLElement;
  readonly show: (form: BuildForm) => void;
}

interface Control {
  readonly elements: readonly HTMLElement[];
  /** What the label belongs to. */
  readonly input: HTMLElement;
  readonly show: (form: BuildForm) => void;
}

/** Marks what a field holds as readable or not, and says what could be read. */
type MarkReadable = (isReadable: boolean) => void;

function rowOf(field: Field, strings: BuildStrings, actions: FormActions): Row {
  const id = `field-${field.name}`;
  // Empty while all is well; announced when it says something, and read with the field.
  const error = element('p', { class: 'error', id: `${id}-error`, 'aria-live': 'polite' });
  const { input, elements, show } = controlOf(field, strings, actions, (isReadable) => {
    input.setAttribute('aria-invalid', String(!isReadable));
    error.textContent = isReadable ? '' : readableWords(field, strings);
  });
  const help = strings.help[field.name];
  setAttributes(input, {
    id,
    'aria-required': field.required ? 'true' : undefined,
    'aria-describedby': help === undefined ? error.id : `${error.id} ${id}-help`,
  });
  const mark = element('span', { class: 'required', 'aria-hidden': 'true' }, ' *');
  const label = element(
    'label',
    { for: id },
    strings.labels[field.name],
    field.required ? mark : undefined,
  );
  const root = element(
    'div',
    { class: `field ${field.kind}` },
    label,
    element('div', { class: 'control' }, ...elements),
    error,
    help === undefined ? undefined : element('p', { class: 'help', id: `${id}-help` }, help),
  );
  return { root, show };
}

/** What a field can hold, in a sentence. */
function readableWords(field: Field, strings: BuildStrings): string {
  return field.kind === 'number'
    ? fill(strings.readableNumber, field.least.toLocaleString(), field.most.toLocaleString())
    : (strings.readable[field.name] ?? '');
}

function controlOf(
  field: Field,
  strings: BuildStrings,
  actions: FormActions,
  markReadable: MarkReadable,
): Control {
  switch (field.kind) {
    case 'path':
      return pathControl(field.name, strings, actions);
    case 'choice':
      return choiceControl(field, strings, actions);
    case 'number':
      return numberControl(field, actions, markReadable);
    case 'word':
      return wordControl(field, actions, markReadable);
  }
}

/** Several paths are written with semicolons between them. */
const pathSeparator = '; ';

function pathControl(name: PathField, strings: BuildStrings, actions: FormActions): Control {
  const input = element('input', { type: 'text', spellcheck: 'false', placeholder: strings.none });
  const isList = name === 'exclude';
  input.addEventListener('change', () => {
    const paths = input.value.split(isList ? ';' : '\0').map((path) => path.trim());
    const given = paths.filter((path) => path !== '');
    actions.change({ [name]: isList ? given : given.at(0) });
  });
  const browse = button(
    { 'aria-label': `${strings.browse} ${strings.labels[name]}` },
    () => {
      actions.browse(name);
    },
    strings.browse,
  );
  return {
    input,
    elements: [input, browse],
    show: (form) => {
      const value = form[name] ?? '';
      showValue(input, typeof value === 'string' ? value : value.join(pathSeparator));
    },
  };
}

function choiceControl(
  { name, values }: Field & { kind: 'choice' },
  strings: BuildStrings,
  actions: FormActions,
): Control {
  const options = values.map((value) => [value, strings.choices[`${name}.${value}`]] as const);
  const input = select({}, options, (value) => {
    actions.change({ [name]: value });
  });
  return {
    input,
    elements: [input],
    show: (form) => {
      input.value = form[name] ?? values[0];
    },
  };
}

function numberControl(
  { name, least, most, usual }: Field & { kind: 'number' },
  actions: FormActions,
  markReadable: MarkReadable,
): Control {
  const input = element('input', { type: 'number', min: least, max: most, step: 1 });
  input.required = true;
  input.addEventListener('input', () => {
    const isReadable = input.checkValidity();
    markReadable(isReadable);
    actions.change(isReadable ? { [name]: Number(input.value) } : {});
  });
  return {
    input,
    elements: [input],
    show: (form) => {
      showValue(input, String(form[name] ?? usual));
    },
  };
}

function wordControl(
  { name, values }: Field & { kind: 'word' },
  actions: FormActions,
  markReadable: MarkReadable,
): Control {
  const list = element(
    'datalist',
    { id: `${name}-values` },
    ...values.map((value) => element('option', { value })),
  );
  const input = element('input', { type: 'text', list: list.id, spellcheck: 'false' });
  const { read, show } = words[name] as Word;
  input.addEventListener('input', () => {
    const value = read(input.value);
    const isReadable = value !== undefined || input.value.trim() === '';
    markReadable(isReadable);
    actions.change(isReadable ? { [name]: value } : {});
  });
  return {
    input,
    elements: [input, list],
    show: (form) => {
      const value = form[name];
      showValue(input, value === undefined ? '' : show(value));
    },
  };
}

/** The reader and the writer of one field, whichever it is. */
interface Word {
  readonly read: (text: string) => BuildForm[WordField];
  readonly show: (value: NonNullable<BuildForm[WordField]>) => string;
}

/** Leaves a field alone that the user is typing in, or has yet to mend. */
function showValue(input: HTMLInputElement, value: string): void {
  if (document.activeElement !== input && input.ariaInvalid !== 'true') {
    input.value = value;
  }
}
