import { explainMethods, type ExplainMethod } from '../../core/explanation';
import type { HeatMap, HeatMapRequest, HeatMapStrings } from '../../protocol/heatMap';
import { button, element, select, type Options } from '../shared/dom';
import { fill, percent } from '../shared/format';

/** Which heat map is shown: of which option, compared with which, made how. */
export class HeatMapBar {
  readonly root: HTMLElement;
  private readonly choices = element('span', { class: 'heat-map-choices' });
  private readonly working: HTMLElement;
  private shown: readonly [HeatMapRequest, HeatMap] | undefined;

  constructor(
    private readonly strings: HeatMapStrings,
    private readonly choose: (request: HeatMapRequest) => void,
  ) {
    this.working = element('span', { role: 'status' });
    this.root = element(
      'span',
      { class: 'heat-map-bar', hidden: true },
      this.choices,
      this.working,
    );
  }

  /** Says that a map is on its way; what is there can be chosen from meanwhile. */
  showWorking(): void {
    this.root.hidden = false;
    this.working.textContent = this.strings.working;
  }

  /** No map is on its way any more: the choices are those of the map that is shown. */
  endWorking(): void {
    this.working.textContent = '';
    this.root.hidden = this.shown === undefined;
    if (this.shown !== undefined) {
      this.show(...this.shown);
    }
  }

  hide(): void {
    this.shown = undefined;
    this.root.hidden = true;
  }

  show(request: HeatMapRequest, map: HeatMap): void {
    const { strings } = this;
    this.shown = [request, map];
    const selects = (): HTMLSelectElement[] => [...this.choices.querySelectorAll('select')];
    const focused = selects().findIndex((list) => list === document.activeElement);
    const options = map.options.map(
      ({ label, probability }, at) =>
        [String(at), fill(strings.option, label, percent(probability, 0))] as const,
    );
    const others = options.filter(([at]) => at !== String(request.option));
    this.root.hidden = false;
    this.choices.replaceChildren(
      this.choice(strings.supports, options, String(request.option), (option) => ({
        option: Number(option),
        ...(request.against === Number(option) && { against: undefined }),
      })),
      this.choice(
        strings.against,
        [['', strings.allOthers], ...others],
        request.against === undefined ? '' : String(request.against),
        (against) => ({ against: against === '' ? undefined : Number(against) }),
      ),
      this.choice<ExplainMethod>(
        strings.method,
        explainMethods.map((method) => [method, strings.methods[method]]),
        request.method,
        (method) => ({ method }),
      ),
      button(
        { class: 'quiet', title: strings.runHint },
        () => {
          this.choose({ ...request, anotherRun: true });
        },
        fill(strings.run, map.run),
      ),
    );
    // Who goes through the options stays where they are.
    if (focused !== -1) {
      selects()[focused].focus();
    }
  }

  private choice<T extends string>(
    label: string,
    options: Options<T>,
    chosen: T,
    change: (value: T) => Change,
  ): HTMLElement {
    const list = select({}, options, (value) => {
      if (this.shown !== undefined) {
        this.choose(changed(this.shown[0], change(value)));
      }
    });
    list.value = chosen;
    return element('label', {}, element('span', {}, label), list);
  }
}

/** What is to be another; `against: undefined` compares with all others. */
interface Change {
  readonly option?: number;
  readonly against?: number | undefined;
  readonly method?: ExplainMethod;
}

function changed({ against, ...request }: HeatMapRequest, change: Change): HeatMapRequest {
  const compared = 'against' in change ? change.against : against;
  const { option = request.option, method = request.method } = change;
  return {
    ...request,
    anotherRun: false,
    option,
    method,
    ...(compared !== undefined && { against: compared }),
  };
}
