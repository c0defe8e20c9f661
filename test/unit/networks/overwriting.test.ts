import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelPreset, TrainingDefaults } from '../../../src/core/preset';
import { createSession } from '../../../src/engine/runtime';
import { inspectModel, type ModelSummary } from '../../../src/graph/onnx/inspect';
import { buildTrainingStep } from '../../../src/networks';
import type { StateTensor, StepPart } from '../../../src/networks';
import { tinyPreset } from '../../graph/presets';
import { fusions, losses, metadataUses, variant } from './variants';

type Node = ModelSummary['nodes'][number];

/** Operators that may give their input back as it lies in memory. */
const views = ['Cast', 'Expand', 'Flatten', 'Identity', 'Reshape', 'Slice', 'Squeeze', 'Unsqueeze'];
/** Operators that read an element of an input for the last time before they write it. */
const elementByElement = ['Add', 'Div', 'Mul', 'Sub', 'Where'];

const withTraining = (name: string, training: Partial<TrainingDefaults>): ModelPreset => ({
  ...tinyPreset,
  name,
  training: { ...tinyPreset.training, ...training },
});

const steps: readonly (readonly [preset: ModelPreset, part: StepPart])[] = [
  ...Object.values(fusions).map((fusion) => [variant(fusion.kind, { fusion }), 'whole'] as const),
  ...Object.values(losses).map((loss) => [variant(loss.matching, { loss }), 'whole'] as const),
  ...Object.values(metadataUses).map(
    (metadata) => [variant(metadata.use, { metadata }), 'whole'] as const,
  ),
  [variant('frozen text', {}, 'frozen'), 'whole'],
  [withTraining('clipped, averaged', { clipNorm: 1, averageDecay: 0.9 }), 'whole'],
  [withTraining('sgd', { optimiser: 'sgd', weightDecay: 0 }), 'whole'],
  [withTraining('nesterov', { optimiser: 'sgd', momentum: 0.9, nesterov: true }), 'whole'],
  [withTraining('gathering', { accumulate: 2 }), 'gather'],
  [withTraining('update of what was gathered', { accumulate: 2 }), 'update'],
];

describe('a step as onnxruntime runs it', () => {
  for (const [preset, part] of steps) {
    it(`reads before it writes over: ${preset.name}`, async () => {
      const step = buildTrainingStep(preset, { batch: 2, options: 3 }, part);
      const nodes = await optimised(step.model);
      const over = step.state.filter(({ name }) => step.overwritable.has(name));
      assert.ok(over.length > 0);
      assert.deepEqual(lateReads(nodes, over), []);
    });
  }

  it('reads late some of what is not written over', async () => {
    const { model, state } = buildTrainingStep(tinyPreset, { batch: 2, options: 3 });
    assert.notDeepEqual(lateReads(await optimised(model), state), []);
  });
});

/** The nodes that are left, and that were made, when onnxruntime has optimised a model. */
async function optimised(model: Uint8Array): Promise<readonly Node[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ct-mcqa-optimised-'));
  try {
    const file = join(folder, 'model.onnx');
    const session = await createSession(model, 'cpu', { optimizedModelFilePath: file });
    await session.release();
    return inspectModel(await readFile(file)).nodes;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads of the state that some order of the nodes puts after the node that makes the next state. */
function lateReads(nodes: readonly Node[], state: readonly StateTensor[]): string[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  return state.flatMap(({ name, next }) => {
    const maker = makers.get(next);
    assert.ok(maker, next);
    const before = nodesBefore(maker, makers);
    return readers(nodes, name)
      .filter((node) =>
        node === maker ? !elementByElement.includes(node.type) : !before.has(node),
      )
      .map((node) => `${name} by ${node.name}`);
  });
}

/** Nodes that read a tensor's memory, be it by way of a view. */
function readers(nodes: readonly Node[], name: string): Node[] {
  return nodes
    .filter(({ inputs }) => inputs.includes(name))
    .flatMap((node) =>
      views.includes(node.type)
        ? [node, ...node.outputs.flatMap((output) => readers(nodes, output))]
        : [node],
    );
}

function nodesBefore(node: Node, makers: ReadonlyMap<string, Node>): ReadonlySet<Node> {
  const before = new Set<Node>();
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const maker of next.inputs.flatMap((input) => makers.get(input) ?? [])) {
      if (!before.has(maker)) {
        before.add(maker);
        open.push(maker);
      }
    }
  }
  return before;
}
