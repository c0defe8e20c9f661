import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { localisedError } from '../localised';
import { Channel, type Handlers, type Side } from '../../protocol/webview';

/** A page under dist/webview with its style sheet under media. */
export type PageName = 'build' | 'preview' | 'run' | 'scores' | 'questionCard' | 'overview';

/** Style sheets of parts that a page may show, beside its own. */
const partStyles: Readonly<Partial<Record<PageName, readonly string[]>>> = {
  preview: ['headerPage', 'reportPanel', 'rendering'],
};

/** What a page finds in its document when it starts: no round trip before the first word is drawn. */
export interface PageStart<Strings> {
  readonly title: string;
  readonly strings: Strings;
  /** What the page need not ask for. */
  readonly given?: unknown;
}

/**
 * Fills `webview` with a page and connects the two. The page may load nothing but its own script
 * (by nonce, which it may hand on to scripts that it loads later: src/webview/shared/laterScript.ts)
 * and the extension's style sheets; everything else reaches it as messages. In code-server the
 * preview may also fetch from where the editor itself comes from: voxels (src/worker/voxelServer.ts).
 */
export function connectPage<Own extends Side, Other extends Side>(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  page: PageName,
  start: PageStart<unknown>,
  handlers: Handlers<Own>,
): { readonly channel: Channel<Own, Other>; readonly subscription: vscode.Disposable } {
  webview.options = { enableScripts: true, localResourceRoots: pageRoots(extensionUri) };
  const channel = new Channel<Own, Other>(
    (message) => webview.postMessage(message),
    handlers,
    localisedError,
  );
  const subscription = webview.onDidReceiveMessage((message) => {
    channel.receive(message);
  });
  webview.html = pageHtml(webview, extensionUri, page, start);
  return { channel, subscription };
}

/**
 * Whether the editor runs in a browser whose requests reach ports of this machine by the editor's own
 * address. The variable is how code-server tells programs of that.
 */
export function reachesPorts(): boolean {
  const isInBrowser = vscode.env.uiKind === vscode.UIKind.Web;
  return isInBrowser && process.env.VSCODE_PROXY_URI !== undefined;
}

/** The only folders a page may load from. */
function pageRoots(extensionUri: vscode.Uri): vscode.Uri[] {
  return [
    vscode.Uri.joinPath(extensionUri, 'dist', 'webview'),
    vscode.Uri.joinPath(extensionUri, 'media'),
  ];
}

/** The icon in the tab of a page. */
export function pageIcon(
  extensionUri: vscode.Uri,
  page: Exclude<PageName, 'preview'> | 'compare',
): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'media', 'icons', `${page}.svg`);
}

function pageHtml(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  page: PageName,
  start: PageStart<unknown>,
): string {
  const nonce = randomBytes(16).toString('base64');
  const address = (...parts: string[]): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...parts)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    ...(page === 'preview' && reachesPorts() ? [`connect-src 'self'`] : []),
  ].join('; ');
  const styles = ['shared', page, ...(partStyles[page] ?? [])].map(
    (name) => `<link rel="stylesheet" href="${address('media', `${name}.css`)}">`,
  );
  return `<!doctype html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(start.title)}</title>
${styles.join('\n')}
</head>
<body class="${page}">
<script type="application/json" id="start">${embeddedJson(start)}</script>
<script nonce="${nonce}" src="${address('dist', 'webview', `${page}.js`)}"></script>
</body>
</html>`;
}

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => htmlEntities[character]);
}

/** JSON that cannot end the script element it stands in. */
function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
