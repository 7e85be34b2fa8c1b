import { FoveaError, type Tensor } from "../core/index.ts";
import { readyModels, sourceFiles } from "./ready/index.ts";
import { permuteTensor, readTfjsModel } from "./tfjs/index.ts";
import type { MobileTrunk } from "./trunks/index.ts";

/**
 * The values of the ready COCO detector's trunk by their names below a {@link MobileTrunk}.
 * @throws FoveaError `package-missing`, `weights-missing`, `weights-damaged`
 */
export async function cocoTrunkValues(trunk: MobileTrunk): Promise<Map<string, Tensor>> {
  const [file] = await sourceFiles(readyModels.get("coco")!);
  const { weights } = await readTfjsModel(file);
  const values = new Map<string, Tensor>();
  const take = (name: string): Tensor => {
    const value = weights.get(`tower_0/${name}`) ?? weights.get(name);
    if (value) return value;
    throw new FoveaError("model-unreadable", `The weights of the model coco lack \`${name}\`.`);
  };
  const put = (name: string, filters: Tensor, bias: Tensor): void => {
    values.set(`${name}.weight`, filters);
    values.set(`${name}.bias`, bias);
  };
  const full = (name: string) => permuteTensor(take(name), [3, 2, 0, 1]);
  put("stem", full("MobilenetV3/Conv/Conv2D_weights"), take("MobilenetV3/Conv/Conv2D_bn_offset"));
  for (const [i, { gate }] of trunk.blocks.entries()) {
    const from = `MobilenetV3/expanded_conv${i > 0 ? `_${i}` : ""}`;
    const to = `block.${i}`;
    for (const part of i > 0 ? ["expand", "project"] : ["project"]) {
      put(`${to}.${part}`, full(`${from}/${part}/Conv2D_weights`), take(`${from}/${part}/Conv2D_bn_offset`));
    }
    const depthwise = permuteTensor(take(`${from}/depthwise/depthwise_weights`), [2, 3, 0, 1]);
    put(`${to}.depthwise`, depthwise, take(`${from}/depthwise/depthwise_bn_offset`));
    if (!gate) continue;
    for (const [part, layer] of [
      ["reduce", "Conv"],
      ["expand", "Conv_1"],
    ]) {
      const layerName = `${from}/squeeze_excite/${layer}`;
      put(`${to}.gate.${part}`, full(`${layerName}/weights`), take(`${layerName}/biases`));
    }
  }
  return values;
}
