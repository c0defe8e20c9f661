import type { PanelQuestion, ReportPanelStrings } from '../../protocol/volumeContext';
import { button, element } from '../shared/dom';
import { fill } from '../shared/format';
import { optionCard } from '../shared/optionCard';
import { outcomeText } from '../shared/outcomeText';
import { isLongText, questionPlace } from './reportModel';

export interface QuestionActions {
  /** The user opened a question. */
  readonly onQuestion: (question: PanelQuestion) => void;
  /** The user chose an option, or (undefined) none any more; absent where that shows nothing. */
  readonly onOption?: (question: PanelQuestion, option: number | undefined) => void;
  readonly showQuestion: (question: PanelQuestion, on: 'card' | 'line') => void;
  readonly showOptionVolume: (question: PanelQuestion, option: number) => void;
}

/** One question of the volume, closed until it is asked for: its options are drawn then. */
export function questionEntry(
  question: PanelQuestion,
  strings: ReportPanelStrings,
  actions: QuestionActions,
  opened: { readonly isOpen: boolean; readonly toggle: (isOpen: boolean) => void },
): HTMLElement {
  const { id, outcome } = question;
  const body = element('div', { class: 'question-body' });
  const fillBody = (): void => {
    if (body.childElementCount === 0) {
      body.append(...questionParts(question, strings, actions));
    }
  };
  const summary = element(
    'summary',
    {},
    element('span', { class: 'id' }, id),
    element(
      'span',
      { class: `outcome ${outcome?.kind ?? 'unanswered'}` },
      outcomeText(outcome, strings),
    ),
  );
  const entry = element('details', { class: 'question', open: opened.isOpen }, summary, body);
  if (opened.isOpen) {
    fillBody();
  }
  entry.addEventListener('toggle', () => {
    opened.toggle(entry.open);
    fillBody();
  });
  summary.addEventListener('click', () => {
    // Before the toggle: it is still closed when it is about to open.
    if (!entry.open) {
      actions.onQuestion(question);
    }
  });
  return element('li', {}, entry);
}

function questionParts(
  question: PanelQuestion,
  strings: ReportPanelStrings,
  actions: QuestionActions,
): HTMLElement[] {
  const choices = new ChoiceButtons(question, strings, actions);
  const options = question.options.map((option, index) => {
    const card = optionCard(option, undefined, strings);
    clampText(card, option.text ?? '', strings);
    const buttons = [
      choices.of(index, option.letter),
      option.truth || option.source === undefined
        ? undefined
        : button(
            { class: 'link' },
            () => {
              actions.showOptionVolume(question, index);
            },
            fill(strings.showOptionVolume, option.source),
          ),
    ].filter((each) => each !== undefined);
    card.append(
      ...(buttons.length === 0 ? [] : [element('div', { class: 'buttons' }, ...buttons)]),
    );
    return card;
  });
  const show = (on: 'card' | 'line', label: string): HTMLButtonElement =>
    button(
      {},
      () => {
        actions.showQuestion(question, on);
      },
      label,
    );
  return [
    element('p', { class: 'quiet' }, questionPlace(question, strings)),
    element('ol', { class: 'options' }, ...options),
    element(
      'div',
      { class: 'buttons' },
      question.fitsCard ? show('card', strings.showOnCard) : undefined,
      show('line', strings.goToLine),
    ),
  ];
}

/** The buttons that choose an option of a question; at most one is pressed. */
class ChoiceButtons {
  private readonly buttons = new Map<number, HTMLButtonElement>();
  private chosen: number | undefined;

  constructor(
    private readonly question: PanelQuestion,
    private readonly strings: ReportPanelStrings,
    private readonly actions: QuestionActions,
  ) {}

  of(index: number, letter: string): HTMLButtonElement | undefined {
    const { onOption } = this.actions;
    if (onOption === undefined) {
      return undefined;
    }
    const created = button(
      { 'aria-pressed': 'false' },
      () => {
        this.chosen = this.chosen === index ? undefined : index;
        for (const [each, other] of this.buttons) {
          other.setAttribute('aria-pressed', String(each === this.chosen));
        }
        onOption(this.question, this.chosen);
      },
      fill(this.strings.chooseOption, letter),
    );
    this.buttons.set(index, created);
    return created;
  }
}

/** Shows the beginning of a long text, and a button for the rest. */
function clampText(card: HTMLElement, text: string, { more, less }: ReportPanelStrings): void {
  const shown = card.querySelector('.text');
  if (shown === null || !isLongText(text)) {
    return;
  }
  shown.classList.add('clamped');
  const toggle = button(
    { class: 'link', 'aria-expanded': 'false' },
    () => {
      const isClamped = shown.classList.toggle('clamped');
      toggle.setAttribute('aria-expanded', String(!isClamped));
      toggle.textContent = isClamped ? more : less;
    },
    more,
  );
  shown.after(toggle);
}
