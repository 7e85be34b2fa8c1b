import { keepInputs, requireWhole } from "../../core/index.ts";
import { decodePicture } from "../../image/index.ts";
import { findLayers, layerByName } from "../layers/index.ts";
import { InspectedNet, type NetOptions } from "../net/index.ts";
import { type DrawnMethod, drawMethod, type MethodOptions } from "./draw-methods.ts";
import { type ExplainMethod, type Explanation, explainMethods } from "./explanation.ts";
import { layerBefore } from "./layer-before.ts";
import { type Asked, findTarget } from "./target.ts";
import { explanationFiles, writeExplanation } from "./write-explanation.ts";

export interface ExplainOptions extends NetOptions, Asked, MethodOptions {
  /** The .onnx file, or its address. */
  model: string;
  /** Path of the picture. */
  picture: string;
  /** Folder for `explain.html`, `explain.json` and a PNG for each method. */
  out: string;
  methods?: readonly ExplainMethod[];
  /** The layer of Grad-CAM and of the activations; default: the last with more than one place. */
  layer?: string;
}

/**
 * Explains what a net says of a picture: where its answer comes from, by Grad-CAM, integrated gradients and occlusion, and
 * what the units of a layer answer.
 *
 * @throws FoveaError what opening the model and the picture throws; `class-unknown`, `no-classes`, `layer-unknown`,
 *   `unit-range`, `no-gradient`, `argument-range`; `output-is-input` where the picture or the model would be written over
 */
export async function explain(options: ExplainOptions): Promise<Explanation> {
  const { model, picture, out, methods = explainMethods, signal, steps = 1, side = 1 } = options;
  for (const [name, value] of Object.entries({ steps, side })) requireWhole("explain", name, value, 1);
  for (const file of explanationFiles(out, methods))
    keepInputs(file, [picture, model], "by the explanation; name another folder with --out.");
  const net = await InspectedNet.open(model, options);
  try {
    const view = await net.view(await decodePicture(picture));
    const target = await findTarget(net, view, options);
    const layer =
      options.layer === undefined
        ? await layerBefore(net, target, view.values)
        : layerByName(net, findLayers(net), options.layer);
    const drawn: DrawnMethod[] = [];
    for (const method of explainMethods) {
      if (!methods.includes(method) || signal?.aborted) continue;
      const found = await drawMethod(method, { net, view, target, layer, options });
      if (found) drawn.push(found);
    }
    return await writeExplanation(out, { net, picture, view, target }, drawn);
  } finally {
    await net.close();
  }
}
