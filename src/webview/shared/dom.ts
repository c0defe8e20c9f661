type Child = Node | string | undefined;

/** Attributes of an element; `undefined` and `false` leave one out, `true` sets it empty. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element with attributes and children: `element('p', { class: 'note' }, 'Text')`. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  setAttributes(created, attributes);
  created.append(...children.filter((child) => child !== undefined));
  return created;
}

/** The same for SVG. */
export function svgElement<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const created = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(created, attributes);
  created.append(...children.filter((child) => child !== undefined));
  return created;
}

export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) {
      target.removeAttribute(name);
    } else {
      target.setAttribute(name, value === true ? '' : String(value));
    }
  }
}

/** A button that does `act` when pressed. */
export function button(
  attributes: Attributes,
  act: (event: MouseEvent) => void,
  ...children: readonly Child[]
): HTMLButtonElement {
  const created = element('button', { type: 'button', ...attributes }, ...children);
  created.addEventListener('click', act);
  return created;
}

/** Values of a list with the words for them. */
export type Options<T extends string> = readonly (readonly [value: T, text: string])[];

/** A list of which one is chosen. */
export function select<T extends string>(
  attributes: Attributes,
  options: Options<T>,
  choose: (value: T) => void,
): HTMLSelectElement {
  const created = element('select', attributes);
  setOptions(created, options);
  created.addEventListener('change', () => {
    // Its options have no other values.
    choose(created.value as T);
  });
  return created;
}

/** What a list offers from now on. */
export function setOptions<T extends string>(list: HTMLSelectElement, options: Options<T>): void {
  list.replaceChildren(...options.map(([value, text]) => element('option', { value }, text)));
}

/** Term and description pairs. */
export function definitions(rows: readonly (readonly [string, Node | string])[]): HTMLElement {
  return element(
    'dl',
    {},
    ...rows.flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)]),
  );
}

/** Calls `draw` once before the next frame, however often it was asked to. */
export function oncePerFrame(draw: () => void): () => void {
  let isPlanned = false;
  return () => {
    if (!isPlanned) {
      isPlanned = true;
      requestAnimationFrame(() => {
        isPlanned = false;
        draw();
      });
    }
  };
}
