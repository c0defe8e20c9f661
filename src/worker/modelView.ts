import type { LongWork } from '../core/progress';
import { modelView as viewOf } from '../core/volume/modelView';
import { loadPreset } from '../engine/presets';
import type { ModelViewRequest } from '../protocol/messages';
import { shownFromMemory, type ShownVolume } from './shownVolume';

/** What the model of a preset gets of a volume. */
export async function modelView(
  { path, rescale, preset, modelsFolder }: ModelViewRequest,
  work: LongWork,
): Promise<ShownVolume> {
  const { volume } = await loadPreset(modelsFolder, preset);
  const { header, encoding, piece } = await viewOf(path, volume, { ...work, rescale });
  return shownFromMemory(header, encoding, piece);
}
