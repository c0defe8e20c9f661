import { arch, availableParallelism, platform, release } from 'node:os';
import { messageOf, UserError } from '../core/errors';
import type { DoctorReport, ProviderReport } from '../core/run';
import { loadTokenizer } from '../core/text/tokenizer';
import { usableMemory } from './memory';
import { listPresets, tokenizerFolder } from './presets';
import { automaticProvider, probeProviders } from './providers';
import { physicalCores } from './runtime';
import { versions } from './versions';

/** Below this free memory training the small presets is not sensible, GB. */
const littleMemoryGb = 1;

/** Looks at everything the engine needs on this machine. Never throws: what is wrong is a problem. */
export async function examine(modelsFolder: string): Promise<DoctorReport> {
  const problems: string[] = [];
  const attempt = async <T>(task: () => Promise<T>, instead: T): Promise<T> => {
    try {
      return await task();
    } catch (error) {
      problems.push(
        error instanceof UserError ? `${error.message} ${error.remedy}` : messageOf(error),
      );
      return instead;
    }
  };
  const presets = await attempt(() => listPresets(modelsFolder), []);
  for (const folder of new Set(presets.map((preset) => tokenizerFolder(modelsFolder, preset)))) {
    await attempt(() => loadTokenizer(folder), undefined);
  }
  const providers = await attempt<readonly ProviderReport[]>(() => probeProviders(), []);
  const { total, available } = usableMemory();
  const memoryGb = { total: gigabytes(total), free: gigabytes(available) };
  // macOS keeps nearly all memory busy with caches and counts none of that as free.
  if (memoryGb.free < littleMemoryGb && process.platform !== 'darwin') {
    problems.push(`Only ${memoryGb.free} GB of memory are free. Close other programs.`);
  }
  return {
    versions: await attempt(() => versions(), {
      product: '',
      node: process.versions.node,
      onnxruntime: '',
    }),
    platform: `${platform()} ${release()} ${arch()}`,
    cores: { physical: physicalCores(), available: availableParallelism() },
    memoryGb,
    providers,
    device: automaticProvider(providers),
    presets: presets.map(({ name, title, description }) => ({ name, title, description })),
    problems,
  };
}

function gigabytes(bytes: number): number {
  return Number((bytes / 2 ** 30).toFixed(1));
}
