import type { SkippedStep, TrainStep, ValidationStep } from '../../core/run';
import type { RunFacts, RunSnapshot, RunStatus, RunStrings } from '../../protocol/run';
import { button, definitions, element, oncePerFrame } from '../shared/dom';
import { clock, decimal, fill, percent, shortHash } from '../shared/format';
import { Plot } from './plot';
import { stepsTable } from './stepsTable';

export interface RunActions {
  readonly cancel: () => void;
  readonly openFolder: () => void;
}

/** The page of one run: how it stands, its curves, its facts. */
export class RunView {
  readonly root: HTMLElement;
  private facts: RunFacts;
  private status: RunStatus;
  private steps: TrainStep[];
  private validations: ValidationStep[];
  private skipped: SkippedStep[];
  private readonly state = element('span', { class: 'state' });
  private readonly activity = element('p', { class: 'activity', role: 'status' });
  private readonly warning = element('p', { class: 'skipped', role: 'status' });
  private readonly bar = element('progress');
  private readonly tiles = element('div', { class: 'tiles' });
  private readonly factList = element('div', { class: 'facts' });
  private readonly cancel: HTMLButtonElement;
  private readonly loss: Plot;
  private readonly accuracy: Plot;
  private readonly table: HTMLDetailsElement;
  private readonly drawSoon = oncePerFrame(() => {
    this.draw();
  });

  constructor(
    snapshot: RunSnapshot,
    private readonly strings: RunStrings,
    private readonly actions: RunActions,
  ) {
    this.facts = snapshot.facts;
    this.status = snapshot.status;
    this.steps = [...snapshot.steps];
    this.validations = [...snapshot.validations];
    this.skipped = [...snapshot.skipped];
    this.cancel = button(
      { class: 'cancel', hidden: !snapshot.live },
      () => {
        this.cancel.disabled = true;
        this.cancel.textContent = strings.cancelling;
        actions.cancel();
      },
      strings.cancel,
    );
    const onHover = (step: number | undefined): void => {
      this.loss.hover(step);
      this.accuracy.hover(step);
    };
    const words = (title: string) => ({ ...strings, title });
    this.loss = new Plot({
      words: words(strings.loss),
      format: (value) => decimal(value, value < 1 ? 3 : 2),
      onHover,
    });
    this.accuracy = new Plot({
      words: words(strings.accuracy),
      format: (value) => `${decimal(value * 100, 1)} %`,
      domain: [0, 1],
      onHover,
    });
    this.bar.setAttribute('aria-label', strings.step);
    this.table = element(
      'details',
      { class: 'table' },
      element('summary', {}, strings.table),
      element('div', { class: 'rows' }),
    );
    this.table.addEventListener('toggle', this.drawSoon);
    this.root = element(
      'main',
      {},
      element(
        'header',
        {},
        element('h1', {}, snapshot.facts.name),
        this.state,
        element('span', { class: 'gap' }),
        this.cancel,
      ),
      this.bar,
      this.activity,
      this.warning,
      this.tiles,
      element('div', { class: 'plots' }, this.loss.root, this.accuracy.root),
      this.factList,
      this.table,
    );
    this.draw();
  }

  addStep(step: TrainStep): void {
    this.steps.push(step);
    this.drawSoon();
  }

  addValidation(step: ValidationStep): void {
    this.validations.push(step);
    this.drawSoon();
  }

  addSkipped(step: SkippedStep): void {
    this.skipped.push(step);
    this.drawSoon();
  }

  setStatus(status: RunStatus): void {
    this.status = status;
    this.drawSoon();
  }

  setFacts(facts: RunFacts): void {
    this.facts = facts;
    this.drawSoon();
  }

  /** Shows the state of a run folder that changed on disk. */
  replace({ facts, status, steps, validations, skipped }: RunSnapshot): void {
    this.facts = facts;
    this.status = status;
    this.steps = [...steps];
    this.validations = [...validations];
    this.skipped = [...skipped];
    this.drawSoon();
  }

  private draw(): void {
    const { steps, strings, status } = this;
    const last = steps.at(-1);
    const isTraining = status.state === 'training';
    this.state.className = `state ${status.state}`;
    this.state.textContent = strings.states[status.state];
    this.cancel.hidden ||= !isTraining;
    this.bar.hidden = !isTraining;
    if (last !== undefined) {
      this.bar.max = last.steps;
      this.bar.value = last.step;
    }
    this.drawActivity(last);
    setText(this.warning, this.skippedLine());
    this.tiles.replaceChildren(...this.tilesOf(last));
    const lastStep = Math.max(1, last?.steps ?? 1);
    this.loss.show(pointsOf(steps, 'loss'), pointsOf(this.validations, 'loss'), lastStep);
    this.accuracy.show(
      pointsOf(steps, 'accuracy'),
      pointsOf(this.validations, 'accuracy'),
      lastStep,
    );
    this.factList.replaceChildren(definitions(this.factRows()));
    if (this.table.open) {
      this.table.lastElementChild?.replaceChildren(stepsTable(steps, this.validations, strings));
    }
  }

  private drawActivity(last: TrainStep | undefined): void {
    const { status, strings } = this;
    const none = status.state === 'training' ? strings.waiting : strings.noSteps;
    const problem =
      status.problem && [status.problem.message, status.problem.remedy ?? ''].join(' ').trim();
    const text = problem ?? status.activity ?? (last === undefined ? none : '');
    this.activity.classList.toggle('problem', problem !== undefined);
    setText(this.activity, text);
  }

  private skippedLine(): string {
    const { skipped, strings } = this;
    const last = skipped.at(-1);
    const line = skipped.length === 1 ? strings.skippedOne : strings.skipped;
    return last === undefined ? '' : fill(line, skipped.length, last.step, last.questions[0]);
  }

  private tilesOf(last: TrainStep | undefined): HTMLElement[] {
    if (last === undefined) {
      return [];
    }
    const { strings } = this;
    const validation = this.validations.at(-1);
    const isTraining = this.status.state === 'training';
    const tile = (name: string, value: string, note?: string): HTMLElement =>
      element(
        'div',
        { class: 'tile' },
        element('span', { class: 'name' }, name),
        element('span', { class: 'value' }, value),
        note === undefined ? undefined : element('span', { class: 'note' }, note),
      );
    return [
      tile(strings.step, `${last.step}`, `/ ${last.steps}`),
      tile(strings.epoch, `${last.epoch}`, `/ ${last.epochs}`),
      ...(validation === undefined
        ? []
        : [
            tile(
              `${strings.accuracy}, ${strings.validation}`,
              percent(validation.accuracy),
              fill(strings.questions, validation.questions),
            ),
          ]),
      tile(
        strings.throughput,
        fill(strings.questionsPerSecond, decimal(last.questionsPerSecond, 1)),
      ),
      ...(isTraining ? [tile(strings.timeLeft, clock(last.secondsLeft))] : []),
      tile(strings.learningRate, last.learningRate.toExponential(1)),
    ];
  }

  private factRows(): (readonly [string, Node | string])[] {
    const { facts, strings } = this;
    const optional = (
      name: string,
      value: string | number | undefined,
    ): (readonly [string, string])[] => (value === undefined ? [] : [[name, String(value)]]);
    const questions =
      facts.questions === undefined ? '' : ` (${fill(strings.questions, facts.questions)})`;
    return [
      [strings.preset, facts.preset],
      [strings.dataset, facts.dataset + questions],
      ...optional(strings.validSet, facts.valid),
      [strings.device, facts.device],
      ...optional(strings.seed, facts.seed),
      ...optional(strings.model, facts.modelHash && shortHash(facts.modelHash)),
      ...optional(strings.started, facts.created && new Date(facts.created).toLocaleString()),
      [
        strings.folder,
        button({ class: 'link', title: strings.openFolder }, this.actions.openFolder, facts.folder),
      ],
    ];
  }
}

/** Shows a line of text, or no line. What did not change is not said again to who listens. */
function setText(line: HTMLElement, text: string): void {
  line.hidden = text === '';
  if (line.textContent !== text) {
    line.textContent = text;
  }
}

function pointsOf<K extends 'loss' | 'accuracy'>(
  steps: readonly (Readonly<Record<K, number>> & { readonly step: number })[],
  key: K,
): { step: number; value: number }[] {
  return steps.map((step) => ({ step: step.step, value: step[key] }));
}
