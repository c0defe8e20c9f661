import { basename } from 'node:path';
import type { ModelPreset, TrainingDefaults } from '../core/preset';
import { stepScalars } from '../graph';
import { stepInputs, stepOutputs } from '../networks';
import type { TrainingStepGraph } from '../networks';
import { scaleRules } from './lossScale';
import type { LossScale } from './lossScale';

interface ExportedStep {
  readonly files: { readonly model: string; readonly state: string; readonly readme: string };
  readonly preset: ModelPreset;
  readonly step: TrainingStepGraph;
  /** Number of the step that the state is to be given to. */
  readonly firstStep: number;
  /** Where the run was trained in mixed precision. */
  readonly lossScale?: LossScale;
}

type InputName = (typeof stepInputs)[keyof typeof stepInputs];

/** What each data input is, and numbers of its `shape` in Python to try it with. */
const dataInputs: Readonly<Record<InputName, { meaning: string; example: string }>> = {
  [stepInputs.volume]: {
    meaning: 'prepared volumes, as the preset’s profile makes them',
    example: 'random.standard_normal(shape)',
  },
  [stepInputs.ids]: {
    meaning: 'token ids of every option',
    example: 'random.integers(1, VOCABULARY, shape)',
  },
  [stepInputs.mask]: {
    meaning: '1 for a token, 0 for padding',
    example: 'numpy.ones(shape)',
  },
  [stepInputs.textFeatures]: {
    meaning: 'ready-made states of every option',
    example: 'random.standard_normal(shape)',
  },
  [stepInputs.metadata]: {
    meaning: 'what is known of patient and scan',
    example: 'numpy.zeros(shape)',
  },
  [stepInputs.label]: {
    meaning: 'index of the true option',
    example: 'random.integers(0, OPTIONS, shape)',
  },
  [stepInputs.allowedPairs]: {
    meaning: '1 where a text of the batch may be a negative of a scan, or is its own',
    example: 'numpy.ones(shape)',
  },
  [stepInputs.findings]: {
    meaning: '1, 0, or -1 where a label is not known',
    example: 'random.integers(0, 2, shape)',
  },
};

/** Those whose second axis is the options. */
const optionInputs: readonly string[] = [stepInputs.ids, stepInputs.textFeatures];

/** The scalar inputs of step t at the learning rate lr, in Python. */
const scalarFormulae: Readonly<
  Record<NonNullable<TrainingDefaults['optimiser']>, (training: TrainingDefaults) => string[]>
> = {
  adamw: ({ betas: [beta1, beta2], epsilon, weightDecay }) => [
    `"decay": 1 - lr * ${weightDecay},`,
    `"step_size": lr * (1 - ${beta2} ** t) ** 0.5 / (1 - ${beta1} ** t),`,
    `"step_epsilon": ${epsilon} * (1 - ${beta2} ** t) ** 0.5,`,
  ],
  sgd: () => ['"step_size": lr,'],
};

/** What a stranger needs to train with the exported step. */
export function exportReadme(exported: ExportedStep): string {
  const { files, preset, step, firstStep, lossScale } = exported;
  const { training } = preset;
  const [model, state] = [basename(files.model), basename(files.state)];
  const optionCount = step.inputs.find(({ name }) => optionInputs.includes(name))?.shape[1];
  const scalars = Object.keys(step.scalars({ step: 1, learningRate: 1 }));
  return `# ${model}

One training step of ${preset.title} (${preset.name}) as an ONNX model of standard operators (opset 20):
forward pass, gradients and the update by ${training.optimiser ?? 'adamw'}. Any onnxruntime runs it.${lossScale ? mixedNote : ''}
\`${state}\` (safetensors) holds the first value of every weight and moment, by the name of its input.

## Data inputs

| input | type | shape | meaning |
| --- | --- | --- | --- |
${step.inputs.map(({ name, type, shape }) => `| ${name} | ${type} | ${brackets(shape)} | ${meaningOf(name)} |`).join('\n')}

## Scalar inputs, float32 []

${scalars.map((name) => `- \`${name}\``).join('\n')}

The loop below computes them; \`t\` counts steps from 1, \`lr\` is the learning rate of the step.

## Outputs

| output | type | meaning |
| --- | --- | --- |
| ${stepOutputs.loss} | float32 [] | loss of the batch |
| ${stepOutputs.logits} | float32 [questions, options] | scores of the options |
${step.hasGradientNorm ? `| ${stepOutputs.gradientNorm} | float32 [] | of all gradients together, before clipping |\n` : ''}| next.NAME | float32 | the next value of the state NAME |

## State, float32

Each is an input NAME and an output next.NAME: feed what the step before gave.

| input | shape | role |
| --- | --- | --- |
${step.state.map(({ name, shape, role }) => `| ${name} | ${brackets(shape)} | ${role} |`).join('\n')}
${frozenWeights(step)}
## A loop in Python

\`\`\`python
import json
import numpy
import onnxruntime

OPTIONS = ${optionCount ?? 2}
VOCABULARY = ${preset.text.vocabularySize}


def read_safetensors(path):
    raw = open(path, "rb").read()
    begin = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:begin])
    header.pop("__metadata__", None)
    return {
        name: numpy.frombuffer(
            raw[begin + entry["data_offsets"][0] : begin + entry["data_offsets"][1]], numpy.float32
        ).reshape(entry["shape"])
        for name, entry in header.items()
    }


def scalars(t, lr):
    return {
${scalarLines(training)
  .map((line) => `        ${line}`)
  .join('\n')}
    }


# One batch of random numbers; put your own data here.
random = numpy.random.default_rng(0)
shapes = {
${step.inputs.map(({ name, shape }) => `    "${name}": (${shape.join(', ')}${shape.length === 1 ? ',' : ''}),`).join('\n')}
}
examples = {
${step.inputs.map(({ name }) => `    "${name}": lambda shape: ${exampleOf(name)},`).join('\n')}
}
types = {
${step.inputs.map(({ name, type }) => `    "${name}": numpy.${type},`).join('\n')}
}
batch = {name: examples[name](shape).astype(types[name]) for name, shape in shapes.items()}

session = onnxruntime.InferenceSession("${model}", providers=["CPUExecutionProvider"])
inputs = {each.name for each in session.get_inputs()}
outputs = [each.name for each in session.get_outputs()]
state = read_safetensors("${state}")
${lossScale ? scaleStart(lossScale) : ''}for t in range(${firstStep}, ${firstStep + 30}):
    feeds = {**batch, **state}
    for name, value in scalars(${lossScale ? 't - overflows' : 't'}, lr=${training.learningRate}).items():
        feeds[name] = numpy.array(value, numpy.float32)
${lossScale ? scaleFeed : ''}    feeds = {name: value for name, value in feeds.items() if name in inputs}
    results = dict(zip(outputs, session.run(outputs, feeds)))
    print(t, float(results["${stepOutputs.loss}"]))
${lossScale ? scaleRule : ''}    for name in outputs:
        if name.startswith("next."):
            state[name[len("next.") :]] = results[name]
\`\`\`
`;
}

const mixedNote = `
Its matrix products and convolutions are of halves (float16): choose a provider that has them, such as
CUDAExecutionProvider; the processor casts them back and is slower than in float32.`;

/** Dynamic loss scaling in Python: before the loop, before a step, and after it. */
const scaleStart = ({ scale, steps, overflows }: LossScale): string =>
  `loss_scale, sound, overflows = ${scale.toFixed(1)}, ${steps}, ${overflows}\n`;
const scaleFeed = `    feeds["${stepScalars.lossScale}"] = numpy.array(loss_scale, numpy.float32)\n`;
const scaleRule = `    if not numpy.isfinite(results["${stepOutputs.gradientNorm}"]):
        # The gradients overflowed: nothing of this step is taken over.
        loss_scale, sound, overflows = loss_scale * ${scaleRules.backoff}, 0, overflows + 1
        continue
    sound += 1
    if sound == ${scaleRules.growthInterval}:
        loss_scale, sound = loss_scale * ${scaleRules.growth}, 0
`;

function scalarLines(training: TrainingDefaults): string[] {
  const { averageDecay, optimiser = 'adamw' } = training;
  return [
    ...scalarFormulae[optimiser](training),
    ...(averageDecay === undefined
      ? []
      : [`"average_weight": 1 - min(${averageDecay}, (1 + t) / (10 + t)),`]),
  ];
}

/** Weights that are read and never updated. */
function frozenWeights({ parameters, state }: TrainingStepGraph): string {
  const updated = new Set(state.map(({ name }) => name));
  const frozen = parameters.filter(({ name }) => !updated.has(name));
  return frozen.length === 0
    ? ''
    : `\nThese weights are inputs too and stay as they are:\n\n${frozen
        .map(({ name, shape }) => `- \`${name}\` ${brackets(shape)}`)
        .join('\n')}\n`;
}

function meaningOf(name: string): string {
  return dataInputs[name as InputName].meaning;
}

function exampleOf(name: string): string {
  return dataInputs[name as InputName].example;
}

function brackets(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
