import assert from 'node:assert/strict';
import { l2Normalise, matmul, swapLast } from '../../../src/graph';
import { infoNce } from '../../../src/networks/matchingLosses';
import { evaluate, relativeDistance, type Numbers } from '../../graph/onnx';
import { readFixture } from '../../graph/safetensors';
import { needShared } from '../../shared';

/** InfoNCE of a batch in which every other text is a negative. */
async function lossOf(logits: Numbers): Promise<number> {
  const allowed = { ...logits, data: Array.from(logits.data, () => 1) };
  const { loss } = await evaluate({ logits, allowed }, (inputs) => ({
    loss: infoNce(inputs.logits, inputs.allowed),
  }));
  return loss[0];
}

function tensorsOf(path: string): (name: string) => Numbers {
  const { tensors } = readFixture(path);
  return (name) => {
    const { shape, data } = tensors.get(name)!;
    return { type: 'float32', shape, data };
  };
}

describe('symmetric InfoNCE', () => {
  it("is OpenAI CLIP's contrastive loss", async function () {
    const tensor = tensorsOf(needShared(this, 'fixtures', 'ref', 'clip-tiny.safetensors'));
    const loss = await lossOf(tensor('out.logits_per_image'));
    const expected = tensor('out.clip_contrastive_loss').data[0];
    assert(Math.abs(loss / expected - 1) < 1e-5, `${loss} for ${expected}`);
  });

  it("is CT-CLIP's, of the cosines times exp(temperature)", async function () {
    const tensor = tensorsOf(needShared(this, 'fixtures', 'ref', 'ctclip-tiny.safetensors'));
    const { cosines } = await evaluate(
      { image: tensor('out.image_latents'), text: tensor('out.text_latents') },
      ({ image, text }) => ({ cosines: matmul(l2Normalise(image), swapLast(l2Normalise(text))) }),
    );
    const scale = Math.exp(tensor('w.temperature').data[0]);
    const logits = Array.from(cosines, (cosine) => scale * cosine);
    assert(relativeDistance(logits, tensor('out.logits_image_by_text').data) < 1e-5);
    const loss = await lossOf({ type: 'float32', shape: [2, 2], data: logits });
    const expected = tensor('out.contrastive_loss_eval').data[0];
    assert(Math.abs(loss / expected - 1) < 1e-5, `${loss} for ${expected}`);
  });
});
