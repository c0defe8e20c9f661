/**
 * Runs another script of dist/webview on this page, once. The policy of our pages lets scripts run
 * by nonce only: this page's own script hands its nonce on.
 *
 * @throws Error where the script cannot be loaded.
 */
export function loadScript(name: string): Promise<void> {
  const own = document.querySelector<HTMLScriptElement>('script[src]');
  if (own === null) {
    throw new Error('this page has no script of its own');
  }
  const src = new URL(name, own.src).href;
  const known = loading.get(src) ?? inserted(src, own.nonce);
  loading.set(src, known);
  // One that failed may be asked for again.
  known.catch(() => loading.delete(src));
  return known;
}

const loading = new Map<string, Promise<void>>();

function inserted(src: string, nonce: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.nonce = nonce;
    script.src = src;
    script.addEventListener('load', () => {
      resolve();
    });
    script.addEventListener('error', () => {
      script.remove();
      reject(new Error(`${src} cannot be loaded.`));
    });
    document.head.append(script);
  });
}
