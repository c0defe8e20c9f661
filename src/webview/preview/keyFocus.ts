const sliderKeys = new Set([
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'PageUp',
  'PageDown',
  'Home',
  'End',
]);
const pressKeys = new Set(['Enter', ' ']);

/** Whether a key is for the element that has the focus: typed, chosen, pressed or scrolled with. */
export function isForFocus(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) {
    return false;
  }
  if (target instanceof HTMLInputElement) {
    return target.type !== 'range' || sliderKeys.has(key);
  }
  return (
    target instanceof HTMLSelectElement ||
    (pressKeys.has(key) && target.closest('button, summary') !== null) ||
    (sliderKeys.has(key) && target.closest('.side-panel') !== null)
  );
}
