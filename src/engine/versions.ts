import packageDescription from '../../package.json';
import type { Versions } from '../core/run';
import { loadRuntime } from './runtime';

/** What made a run. */
export async function versions(): Promise<Versions> {
  const { env } = await loadRuntime();
  return {
    product: packageDescription.version,
    node: process.versions.node,
    onnxruntime: env.versions.node ?? env.versions.common,
  };
}
