import { messageOf, UserError } from '../core/errors';
import type { Device, Provider, ProviderReport } from '../core/run';
import { GraphBuilder, matmul, serialise } from '../graph';
import { createSession, loadRuntime, run } from './runtime';
import { halfProducts, trialSteps } from './trialStep';
import { lackOfVulkan } from './vulkan';

/** Providers that the onnxruntime package of a platform can have, the fastest kind first. */
const providersOf: Readonly<Partial<Record<NodeJS.Platform, readonly Provider[]>>> = {
  linux: ['cuda', 'webgpu', 'cpu'],
  win32: ['cuda', 'dml', 'webgpu', 'cpu'],
  darwin: ['coreml', 'webgpu', 'cpu'],
};

/**
 * `auto` leaves CoreML out: it compiles each graph for minutes and takes few of a training step's
 * operators.
 */
const chosenOnlyByName: readonly Provider[] = ['coreml'];

/** The probe multiplies two matrices of this size: small enough for a software renderer to end. */
const probeSize = 256;
const probeRuns = 3;
/**
 * Below this speed (10^9 floating-point operations a second) a "GPU" is a software renderer: those
 * reach 0.1 to 1, and an old integrated GPU reaches more than 10 with the transfer counted.
 */
const slowestGpu = 5;

let probed: Promise<readonly ProviderReport[]> | undefined;

/**
 * Every provider of this platform, tried with a real matrix product and a real training of a tiny
 * model; the results are kept for the process.
 */
export function probeProviders(): Promise<readonly ProviderReport[]> {
  probed ??= probeAll();
  return probed;
}

async function probeAll(): Promise<readonly ProviderReport[]> {
  // Reported once here, not once for each provider.
  await loadRuntime();
  const reports: ProviderReport[] = [];
  for (const provider of providersOf[process.platform] ?? ['cpu']) {
    reports.push(await probe(provider));
  }
  return reports;
}

/**
 * The provider for `device`; `auto` is the first that works and is no software renderer.
 * @throws UserError `device-unavailable` with the reason
 */
export async function chooseProvider(device: Device): Promise<Provider> {
  if (device === 'cpu') {
    return 'cpu';
  }
  if (device === 'auto') {
    return automaticProvider(await probeProviders());
  }
  const report = (await probeProviders()).find(({ provider }) => provider === device);
  if (report?.works !== true) {
    const reason = report?.reason ?? `onnxruntime has no such device on ${process.platform}`;
    throw new UserError(
      'device-unavailable',
      `The device "${device}" cannot be used: ${reason}.`,
      'Choose the device "auto" or "cpu"; `ct-mcqa doctor` lists what works here.',
    );
  }
  return device;
}

/**
 * That the device trains in mixed precision, as its trial found.
 * @throws UserError `precision-unavailable` with the reason
 */
export async function requireMixedPrecision(provider: Provider): Promise<void> {
  const { mixedPrecision = false, mixedPrecisionReason = '' } =
    provider === 'cpu'
      ? await probeMixedPrecision(provider)
      : ((await probeProviders()).find((report) => report.provider === provider) ?? {});
  if (!mixedPrecision) {
    throw new UserError(
      'precision-unavailable',
      `Mixed precision is of no use on ${provider}: ${mixedPrecisionReason}.`,
      'Train in float32 (--precision float32), or choose another device; `ct-mcqa doctor` lists which have it.',
    );
  }
}

/** What `auto` means, given what the probes found. */
export function automaticProvider(reports: readonly ProviderReport[]): Provider {
  const usable = reports.find(
    ({ provider, works, gflops = 0 }) =>
      works && !chosenOnlyByName.includes(provider) && (provider === 'cpu' || gflops >= slowestGpu),
  );
  return usable?.provider ?? 'cpu';
}

async function probe(provider: Provider): Promise<ProviderReport> {
  const lack = provider === 'webgpu' ? lackOfVulkan() : undefined;
  if (lack !== undefined) {
    // Trying would only write the same to standard error, past every log setting.
    return { provider, works: false, reason: lack };
  }
  try {
    const gflops = await measure(provider);
    await trialSteps(provider);
    const isSlow = provider !== 'cpu' && gflops < slowestGpu;
    return {
      provider,
      works: true,
      gflops,
      ...(await probeMixedPrecision(provider)),
      ...(isSlow && { reason: 'it is very slow: a software renderer stands in for a GPU' }),
    };
  } catch (error) {
    return { provider, works: false, reason: plainReason(messageOf(error)) };
  }
}

/** Trains the tiny model in mixed precision too, where that can be of use. */
async function probeMixedPrecision(
  provider: Provider,
): Promise<Pick<ProviderReport, 'mixedPrecision' | 'mixedPrecisionReason'>> {
  if (provider === 'cpu') {
    // onnxruntime has no half products for it: it would cast, compute in float32 and cast back.
    return { mixedPrecision: false, mixedPrecisionReason: 'slower than float32 on a processor' };
  }
  try {
    await halfProducts(provider);
    await trialSteps(provider, 'mixed');
    return { mixedPrecision: true };
  } catch (error) {
    return { mixedPrecision: false, mixedPrecisionReason: plainReason(messageOf(error)) };
  }
}

/** Runs a matrix product, checks the numbers, and gives the best speed. */
async function measure(provider: Provider): Promise<number> {
  const graph = new GraphBuilder('probe');
  const shape = [probeSize, probeSize];
  const a = graph.input('a', 'float32', shape);
  const b = graph.input('b', 'float32', shape);
  const session = await createSession(serialise(graph, { product: matmul(a, b) }), provider);
  try {
    const { Tensor } = await loadRuntime();
    const ones = new Tensor('float32', new Float32Array(probeSize ** 2).fill(1), shape);
    const halves = new Tensor('float32', new Float32Array(probeSize ** 2).fill(0.5), shape);
    let best = Infinity;
    for (let i = 0; i <= probeRuns; i++) {
      const start = performance.now();
      const { product } = await run(session, { a: ones, b: halves }, { product: null });
      if ((product.data as Float32Array).some((value) => value !== probeSize / 2)) {
        throw new Error('it computes wrong numbers');
      }
      // The first run also compiles and allocates.
      best = i === 0 ? best : Math.min(best, performance.now() - start);
    }
    return round((2 * probeSize ** 3) / best / 1e6);
  } finally {
    await session.release();
  }
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** What onnxruntime says of a provider it cannot use, in the user's words. */
const knownReasons: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/Failed to load shared library/, "onnxruntime's CUDA libraries are not installed"],
  [/No supported adapters/, 'no graphics adapter with a working driver was found'],
  [
    /fallback to CPU EP has been explicitly disabled/,
    'it leaves products of halves to the processor',
  ],
  [/requires f16/, 'the graphics adapter has no 16-bit floats (shader-f16)'],
  [
    /not supported|backend not found|no available backend/i,
    'this build of onnxruntime is without it',
  ],
];

function plainReason(message: string): string {
  const known = knownReasons.find(([pattern]) => pattern.test(message));
  return known?.[1] ?? message.split('\n', 1)[0].trim();
}
