import { element } from './dom';

/** A bar that is filled by a share of 0 to 1. */
export function probabilityBar(share: number, label: string): HTMLElement {
  const filled = element('span', {});
  filled.style.width = `${share * 100}%`;
  return element('div', { class: 'bar', role: 'img', 'aria-label': label }, filled);
}
