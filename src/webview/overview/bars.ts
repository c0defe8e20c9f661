import { element } from '../shared/dom';
import type { Chart } from './chartModel';

/** Names one below the other, each with a bar a series and its number. */
export function barChart({ groups, format }: Chart): HTMLElement {
  const longest = Math.max(1, ...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  return element(
    'div',
    { class: 'chart bars', 'aria-hidden': 'true' },
    ...groups.flatMap(({ name, bars }) => [
      element('span', { class: 'name' }, name),
      element(
        'span',
        { class: 'tracks' },
        ...bars.map(({ value, label }, s) => {
          const filled = element('span', { class: `fill series-${s}` });
          filled.style.width = `${(100 * value) / longest}%`;
          return element('span', { class: 'track', title: label }, filled, format(value));
        }),
      ),
    ]),
  );
}
