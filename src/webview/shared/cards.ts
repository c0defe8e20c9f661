import { messageOf, UserError } from '../../core/errors';
import { element } from './dom';

/** What happened in one line, what to do about it in the next, and buttons to do it with. */
export function problemCard(
  heading: string,
  problem: { readonly message: string; readonly remedy?: string },
  ...buttons: readonly HTMLButtonElement[]
): HTMLElement {
  return element(
    'section',
    { class: 'card problem', role: 'alert' },
    element('h1', {}, heading),
    element('p', { class: 'message' }, problem.message),
    problem.remedy === undefined ? undefined : element('p', { class: 'remedy' }, problem.remedy),
    element('div', { class: 'buttons' }, ...buttons),
  );
}

/** Anything that was thrown, as a card shows it. */
export function problemOf(thrown: unknown): { message: string; remedy?: string } {
  return thrown instanceof UserError
    ? { message: thrown.message, remedy: thrown.remedy }
    : { message: messageOf(thrown) };
}
