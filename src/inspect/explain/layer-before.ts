import { grad } from "../../autodiff/index.ts";
import { abs, orderedNodes, reduceMean, reduceSum, reshape, type Value } from "../../graph/index.ts";
import { findLayers, type Layer } from "../layers/index.ts";
import type { InspectedNet } from "../net/index.ts";
import { Batched } from "./batched.ts";
import { type Target, targetValues } from "./target.ts";

/**
 * The last layer with a map whose places the target comes from: by its gradient in this picture, since a detector's
 * answer comes from one of several heads. A target that stands at a place of a map itself has its own layer left out,
 * which would show that place alone.
 */
export async function layerBefore(net: InspectedNet, target: Target, values: Float32Array): Promise<Layer> {
  const upstream = new Set(orderedNodes([target.tensor]).flatMap(({ outputs }) => outputs));
  const layers = findLayers(net).filter(({ output }) => upstream.has(output));
  const maps = layers.filter(({ width, height }) => width * height > 1);
  const strengths = await gradientStrengths(net, target, maps, values);
  const reached = maps.filter((_, i) => strengths[i] > 0);
  const hasPlaces = target.tensor.dims.slice(2).some((size) => size > 1);
  const inner = hasPlaces
    ? reached.filter((layer) => reached.some((other) => isRead(layer, other)))
    : reached;
  return inner.at(-1) ?? reached.at(-1) ?? layers.at(-1) ?? findLayers(net)[0];
}

/** Whether one layer's result goes into another's. */
function isRead({ output }: Layer, other: Layer): boolean {
  if (other.output === output) return false;
  return orderedNodes([other.output]).some(({ inputs }) => inputs.includes(output));
}

/** The mean size of the target's gradient by each layer's map. */
async function gradientStrengths(
  net: InspectedNet,
  target: Target,
  layers: readonly Layer[],
  values: Float32Array,
): Promise<number[]> {
  const dependent: number[] = [];
  const program = await Batched.compile(net, 1, (pictures) => {
    const wanted: Record<string, Value> = { target: target.tensor };
    for (const [i, { output }] of layers.entries()) wanted[`map${i}`] = output;
    const { outputs } = net.rebuild(wanted, pictures);
    const score = reduceSum(targetValues(outputs.target, target), undefined, false);
    const gradients = grad(
      score,
      layers.map((_, i) => outputs[`map${i}`]),
    );
    const strengths: Record<string, Value> = {};
    for (const [i, gradient] of gradients.entries()) {
      if (!gradient) continue;
      dependent.push(i);
      strengths[`strength${i}`] = reshape(reduceMean(abs(gradient), undefined, false), [1]);
    }
    return strengths;
  });
  const strengths = new Array<number>(layers.length).fill(0);
  try {
    await program.run(
      1,
      (_, into) => into.set(values),
      (_, result) => {
        for (const i of dependent) strengths[i] = result(`strength${i}`)[0];
      },
    );
    return strengths;
  } finally {
    await program.close();
  }
}
