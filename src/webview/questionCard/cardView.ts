import type { CardContent, CardMove, CardQuestion, CardStrings } from '../../protocol/questionCard';
import { button, definitions, element } from '../shared/dom';
import { fill } from '../shared/format';
import { differencesLegend, optionCard } from '../shared/optionCard';
import { outcomeText } from '../shared/outcomeText';
import { scanRows } from '../shared/scanRows';
import { keyOfMove, type CardAction } from './keys';
import { PictureRow, type PictureActions } from './pictureRow';
import type { ViewState } from './viewState';

export interface CardActions extends Pick<PictureActions, 'load' | 'openVolume'> {
  readonly move: (to: CardMove) => void;
  readonly reveal: () => void;
  /** Remembers what the user set. */
  readonly remember: (state: ViewState) => void;
}

/** The card: its bar of moves stays while questions come and go, and keeps the focus. */
export class CardView {
  readonly root: HTMLElement;
  private readonly place: HTMLButtonElement;
  private readonly outcome = element('p', { class: 'outcome' });
  /** Says which question came, to those who do not see it change. */
  private readonly news = element('p', { class: 'for-screen-readers', role: 'status' });
  private readonly facts: HTMLElement;
  private readonly stem = element('h2', { class: 'stem' });
  private readonly legend: HTMLElement;
  private readonly options = element('ol', { class: 'options' });
  private readonly title = element('h1', {});
  private readonly body: HTMLElement;
  private readonly none = element('section', { class: 'none', role: 'status' });
  private readonly pictures: PictureRow;
  private readonly differences: HTMLButtonElement;
  private question: CardQuestion | undefined;

  constructor(
    private readonly strings: CardStrings,
    private state: ViewState,
    private readonly actions: CardActions,
  ) {
    this.facts = element('section', { class: 'facts', 'aria-label': strings.metadata });
    this.place = button({ class: 'link place', title: strings.reveal }, actions.reveal);
    this.legend = differencesLegend(strings);
    this.pictures = new PictureRow(strings, state.window, {
      ...actions,
      rememberWindow: (window) => {
        this.set({ window });
      },
    });
    this.differences = button(
      { class: 'tool', title: strings.differencesHint, 'aria-pressed': String(state.differences) },
      () => {
        this.toggleDifferences();
      },
      strings.differences,
    );
    this.body = element(
      'div',
      { class: 'question' },
      element('div', { class: 'titles' }, this.title, this.outcome),
      this.pictures.root,
      this.facts,
      element('div', { class: 'stem-row' }, this.stem, this.differences),
      this.legend,
      this.options,
    );
    this.root = element('main', {}, this.bar(), this.news, this.none, this.body, this.keysHelp());
  }

  show(content: CardContent): void {
    const isQuestion = content.state === 'question';
    this.none.hidden = isQuestion;
    this.body.hidden = !isQuestion;
    this.question = isQuestion ? content.question : undefined;
    if (isQuestion) {
      this.draw(content.question);
    } else {
      this.pictures.forget();
      this.place.textContent = '';
      this.none.replaceChildren(
        element('h1', {}, content.message),
        element('p', { class: 'remedy' }, content.remedy),
      );
    }
  }

  act(action: CardAction): void {
    switch (action.kind) {
      case 'move':
        this.actions.move(action.to);
        break;
      case 'window':
        this.pictures.choosePreset(action.preset);
        break;
      case 'differences':
        this.toggleDifferences();
        break;
      case 'openVolume':
        this.actions.openVolume();
        break;
      case 'reveal':
        this.actions.reveal();
        break;
    }
  }

  private draw(question: CardQuestion): void {
    const { strings } = this;
    const { id, file, line, outcome, mode, image } = question;
    this.place.textContent = fill(strings.place, file, line);
    this.title.textContent = id;
    this.outcome.className = `outcome ${outcome?.kind ?? 'unanswered'}`;
    this.outcome.textContent = outcomeText(outcome, strings);
    this.news.textContent = `${id}. ${this.outcome.textContent}. ${this.place.textContent}`;
    this.pictures.show(image);
    this.facts.replaceChildren(...factsOf(question, strings));
    this.stem.textContent = strings.stems[mode ?? 'unknown'];
    this.drawOptions(question);
  }

  private drawOptions({ options }: CardQuestion): void {
    const trueText = this.state.differences ? options.find(({ truth }) => truth)?.text : undefined;
    this.options.replaceChildren(
      ...options.map((option) => optionCard(option, trueText, this.strings)),
    );
    this.legend.hidden = this.options.querySelector('ins, del') === null;
  }

  private toggleDifferences(): void {
    this.set({ differences: !this.state.differences });
    this.differences.setAttribute('aria-pressed', String(this.state.differences));
    if (this.question !== undefined) {
      this.drawOptions(this.question);
    }
  }

  private set(change: Partial<ViewState>): void {
    this.state = { ...this.state, ...change };
    this.actions.remember(this.state);
  }

  private bar(): HTMLElement {
    const { strings, actions } = this;
    const move = (to: CardMove, sign: string): HTMLButtonElement =>
      button(
        {
          class: `tool ${to}`,
          title: strings[to],
          'aria-label': strings[to],
          'aria-keyshortcuts': keyOfMove(to),
        },
        () => {
          actions.move(to);
        },
        sign,
      );
    // A group, not a toolbar: Tab goes from button to button, for the arrows go to other questions.
    return element(
      'header',
      { role: 'group', 'aria-label': strings.questions },
      move('previous', '←'),
      move('next', '→'),
      move('previousWrong', '← ✗'),
      move('nextWrong', '✗ →'),
      element('span', { class: 'gap' }),
      this.place,
    );
  }

  private keysHelp(): HTMLElement {
    const { keys, keyRows } = this.strings;
    return element(
      'details',
      { class: 'keys' },
      element('summary', {}, keys),
      definitions(keyRows),
    );
  }
}

/** Patient, scan and findings, where the record says anything of them. */
function factsOf(
  { metadata, findings, problem }: CardQuestion,
  strings: CardStrings,
): HTMLElement[] {
  const rows: (readonly [string, string])[] = [
    ...scanRows(metadata ?? {}, strings),
    ...(findings.length === 0 ? [] : [[strings.findings, findings.join(', ')] as const]),
  ];
  return [
    ...(rows.length === 0 ? [] : [definitions(rows)]),
    ...(problem === undefined ? [] : [element('p', { class: 'warning', role: 'status' }, problem)]),
  ];
}
