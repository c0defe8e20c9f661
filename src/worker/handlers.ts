import type { BuildPreviewer } from '../core/dataset/previewBuild';
import type { ReportEmbedding } from '../core/dataset/reportEmbedding';
import type { LongWork } from '../core/progress';
import type { Volume } from '../core/volume/types';
import type { BuildRequest, VolumeRequest } from '../protocol/messages';
import type { HandlerTable } from './serve';
import { OpenVolumes } from './openVolumes';

const openVolumes = new OpenVolumes();
let buildPreviewer: BuildPreviewer | undefined;

/**
 * The request table. Every module behind it is loaded by the first request that needs it, so that
 * the worker which serves slices never loads onnxruntime, and starts at once.
 */
export const handlers: HandlerTable = {
  'volume/info': async (request, work) => {
    const { describeVolume } = await import('../core/volume/describe');
    return describeVolume(await volumeOf(request, work));
  },
  'volume/open': (request) => openVolumes.open(request),
  'volume/openModelView': async (request, work) => {
    const { modelView } = await import('./modelView');
    return openVolumes.keep(await modelView(request, work), request.packs);
  },
  'volume/piece': ({ handle }) => openVolumes.piece(handle),
  'volume/stream': ({ handle }, { onEvent, signal }) => openVolumes.stream(handle, onEvent, signal),
  'volume/slice': ({ handle, plane, index }, work) => openVolumes.slice(handle, plane, index, work),
  'volume/header': async ({ path }, work) => {
    const { readHeaderDescription } = await import('../core/volume/readHeaderDescription');
    return readHeaderDescription(path, work);
  },
  'volume/close': ({ handle }) => {
    openVolumes.close(handle);
    return Promise.resolve(null);
  },
  'volume/middle': async (request, work) => {
    const { findingsOf } = await import('../core/volume/describe');
    const { middleSlices, planes, sliceCount } = await import('../core/volume/slices');
    const volume = await volumeOf(request, work);
    const { header } = volume;
    const { info, notes } = findingsOf(volume);
    return {
      header,
      info,
      notes,
      slices: middleSlices(volume),
      counts: planes.map((plane) => sliceCount(header, plane)),
    };
  },
  'volume/context': async (request, work) => {
    const { findVolumeContext } = await import('../core/dataset/volumeContext');
    return findVolumeContext(request, work);
  },
  'volume/questions': async (request, work) => {
    const { findVolumeQuestions } = await import('../core/dataset/volumeQuestions');
    return findVolumeQuestions(request, work);
  },
  'presets/list': async ({ modelsFolder }) => {
    const { listPresets } = await import('../engine/presets');
    return (await listPresets(modelsFolder)).map(({ name, title, description }) => ({
      name,
      title,
      description,
    }));
  },
  'runs/list': async ({ folder }) => {
    const { listRuns } = await import('../core/runs/runFolder');
    return listRuns(folder);
  },
  train: async (request, work) => {
    const { train } = await import('../engine/train');
    return train(request, {
      ...work,
      onStep: (step) => {
        work.onEvent({ kind: 'step', ...step });
      },
      onValidation: (step) => {
        work.onEvent({ kind: 'validation', ...step });
      },
      onSkipped: (step) => {
        work.onEvent({ kind: 'skipped', ...step });
      },
    });
  },
  evaluate: async (request, work) => {
    const { evaluateFile } = await import('../engine/evaluate');
    return evaluateFile(request, work);
  },
  score: async (request, work) => {
    const { scoreVolume } = await import('../engine/score');
    return scoreVolume(request, work);
  },
  explain: async (request, work) => {
    const { explain } = await import('../engine/explain');
    return explain(request, work);
  },
  'dataset/lint': async ({ path, ...options }, work) => {
    const { lintFile } = await import('../core/dataset/lint');
    return lintFile(path, work, options);
  },
  'dataset/overview': async ({ paths }, work) => {
    const { describeDatasets } = await import('../core/dataset/overview');
    return describeDatasets(paths, work);
  },
  'dataset/build': async (request, work) => {
    const { buildDataset } = await import('../core/dataset/build');
    return withEmbedding(request, (embedding) => buildDataset(request.options, work, embedding));
  },
  'dataset/previewBuild': async (request, work) => {
    const { BuildPreviewer } = await import('../core/dataset/previewBuild');
    const previewer = (buildPreviewer ??= new BuildPreviewer());
    return withEmbedding(request, (embedding) =>
      previewer.preview(request.options, work, embedding),
    );
  },
  'dataset/suggest': async ({ reports }) => {
    const { suggestSources } = await import('../core/dataset/suggestSources');
    return suggestSources(reports);
  },
  'sample/write': async ({ folder, options }, work) => {
    const { writeSampleCorpus } = await import('../core/sample/writeCorpus');
    return writeSampleCorpus(folder, options, work);
  },
  doctor: async ({ modelsFolder }) => {
    const { examine } = await import('../engine/doctor');
    return examine(modelsFolder);
  },
};

async function volumeOf({ path, rescale }: VolumeRequest, work: LongWork): Promise<Volume> {
  const { readVolume } = await import('../core/volume/read');
  if (rescale === undefined) {
    return readVolume(path, work);
  }
  const { rescaleOf } = await import('../core/dataset/tableRescale');
  return readVolume(path, { ...work, rescale: await rescaleOf(path, rescale, work) });
}

/** Opens the run that a build is to compare reports by, where it names one. */
async function withEmbedding<T>(
  { options: { embeddings }, modelsFolder }: BuildRequest,
  use: (embedding?: ReportEmbedding) => Promise<T>,
): Promise<T> {
  if (embeddings === undefined) {
    return use();
  }
  const { withReportEmbedding } = await import('../engine/reportEmbedding');
  return withReportEmbedding(embeddings, modelsFolder, use);
}
