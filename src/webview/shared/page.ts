import { Channel, type Handlers, type Side, type WireMessage } from '../../protocol/webview';

/** What VS Code gives a webview, once. */
interface VsCodeApi {
  postMessage(message: WireMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** A page's ties to the host. */
export interface Page<Own extends Side, Host extends Side, Strings, Given> {
  readonly channel: Channel<Own, Host>;
  readonly strings: Strings;
  readonly title: string;
  /** What else the host knew when it filled the page. */
  readonly given: Given;
  /** What was remembered under `setState`, also after the page was hidden and built anew. */
  readonly state: unknown;
  setState(state: unknown): void;
}

/** Connects this page to the host that filled it. */
export function startPage<Own extends Side, Host extends Side, Strings, Given = undefined>(
  handlers: Handlers<Own>,
): Page<Own, Host, Strings, Given> {
  const api = acquireVsCodeApi();
  const channel = new Channel<Own, Host>((message) => {
    api.postMessage(message);
    return true;
  }, handlers);
  window.addEventListener('message', (event) => {
    channel.receive(event.data);
  });
  window.addEventListener('pagehide', () => {
    channel.close();
  });
  const start = JSON.parse(document.getElementById('start')?.textContent ?? '{}') as {
    title: string;
    strings: Strings;
    given: Given;
  };
  return {
    channel,
    ...start,
    state: api.getState(),
    setState: (state) => {
      api.setState(state);
    },
  };
}
