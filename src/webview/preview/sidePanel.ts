import { button, element } from '../shared/dom';
import type { PanelPage } from './viewState';

export interface PanelTab {
  readonly page: PanelPage;
  readonly title: string;
  /** Makes what the page shows; called when it is opened, and again after {@link SidePanel.refresh}. */
  readonly content: () => Node;
}

/** The panel beside the pictures: one page at a time, chosen by tabs. */
export class SidePanel {
  readonly root: HTMLElement;
  private readonly tabs: ReadonlyMap<PanelPage, HTMLButtonElement>;
  private readonly body = element('div', { class: 'panel-body', role: 'tabpanel', tabindex: 0 });
  private page: PanelPage | null = null;

  constructor(
    private readonly pages: readonly PanelTab[],
    /** `name` tells the panel from others of the page, `label` is for screen readers. */
    private readonly own: { readonly name: string; readonly label: string },
    choose: (page: PanelPage) => void,
  ) {
    this.tabs = new Map(
      pages.map(({ page, title }) => [
        page,
        button(
          { role: 'tab', class: 'tab', id: this.tabId(page) },
          () => {
            choose(page);
          },
          title,
        ),
      ]),
    );
    const list = element(
      'div',
      { class: 'tabs', role: 'tablist', 'aria-label': own.label },
      ...this.tabs.values(),
    );
    list.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step !== undefined) {
        const at = pages.findIndex(({ page }) => page === this.page);
        const { page } = pages[(at + step + pages.length) % pages.length];
        choose(page);
        this.tabs.get(page)?.focus();
      }
      // The viewer's keys are not for who moves through tabs.
      event.stopPropagation();
    });
    this.root = element('aside', { class: 'side-panel', hidden: true }, list, this.body);
  }

  show(page: PanelPage | null): void {
    if (page === this.page) {
      return;
    }
    this.page = page;
    this.root.hidden = page === null;
    for (const [name, tab] of this.tabs) {
      tab.setAttribute('aria-selected', String(name === page));
      tab.tabIndex = name === page ? 0 : -1;
    }
    this.refresh();
  }

  /** Makes what is shown anew, for what it tells has changed. */
  refresh(page = this.page): void {
    if (page === null || page !== this.page) {
      return;
    }
    const tab = this.pages.find((each) => each.page === page);
    this.body.setAttribute('aria-labelledby', this.tabId(page));
    this.body.replaceChildren(...(tab ? [tab.content()] : []));
  }

  private tabId(page: PanelPage): string {
    return `${this.own.name}-${page}-tab`;
  }
}
