/** Scripts for pages, bundled when they are first needed. */
import { join } from 'node:path';
import { build } from 'esbuild';
import type { PageProbe, PeerLoad } from './inPage/protocol';

const bundles = new Map<string, Promise<string>>();

/** inPage/NAME.ts as one script that a page can run. */
export function pageScript(name: 'probe' | 'peer'): Promise<string> {
  const known = bundles.get(name) ?? bundle(name);
  bundles.set(name, known);
  return known;
}

async function bundle(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'inPage', `${name}.ts`)],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    nodePaths: [join(__dirname, 'peer', 'node_modules')],
    logLevel: 'error',
  });
  return outputFiles[0].text;
}

declare global {
  /** In the preview's page, once the probe has run there. */
  var ctMcqaProbe: PageProbe;
  /** In the peer's page. */
  var loadInPeer: (url: string) => Promise<PeerLoad>;
}
