import { grad } from "../../autodiff/index.ts";
import { FoveaError } from "../../core/index.ts";
import { mul, reduceMean, reduceSum, relu, reshape } from "../../graph/index.ts";
import type { Layer } from "../layers/index.ts";
import type { InspectedNet } from "../net/index.ts";
import { Batched } from "./batched.ts";
import { type Target, targetValues } from "./target.ts";

/** Where in a layer's map the target comes from. */
export interface GradCam {
  /** `[height, width]`, ≥ 0. */
  map: Float32Array;
  height: number;
  width: number;
}

/**
 * Grad-CAM (Selvaraju et al. 2017): each unit's map weighed by the mean of the target's gradient over its places,
 * summed, what speaks against the target cut off. ReLU(Σₖ αₖ·Aₖ), αₖ the mean of ∂target/∂Aₖ.
 *
 * @throws FoveaError `no-gradient` where the target does not depend on the layer
 */
export async function gradCam(
  net: InspectedNet,
  layer: Layer,
  target: Target,
  values: Float32Array,
): Promise<GradCam> {
  const { height, width } = layer;
  const program = await Batched.compile(net, 1, (pictures) => {
    const { outputs } = net.rebuild({ map: layer.output, target: target.tensor }, pictures);
    const score = reduceSum(targetValues(outputs.target, target), undefined, false);
    const [byMap] = grad(score, [outputs.map]);
    if (!byMap) {
      throw new FoveaError(
        "no-gradient",
        `Grad-CAM: ${target.name} does not depend on layer "${layer.name}"; name a layer before it, or leave \`layer\` out.`,
      );
    }
    const weights = reduceMean(byMap, [2, 3]);
    const map = relu(reduceSum(mul(outputs.map, weights), [1], false));
    return { map: reshape(map, [pictures.dims[0], height * width]) };
  });
  try {
    let map = new Float32Array(height * width);
    await program.run(
      1,
      (_, into) => into.set(values),
      (_, result) => {
        map = Float32Array.from(result("map"));
      },
    );
    return { map, height, width };
  } finally {
    await program.close();
  }
}
