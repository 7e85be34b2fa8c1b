import { tensor, toNumbers } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Attributes } from "../operator.ts";
import { knownTensor, Resize, scaledSize } from "../ops/index.ts";
import type { ForeignNode, Upgraded } from "./upgrades.ts";

/** Set 10 knew scales only, and no coordinates but "asymmetric". */
export function resize({ opset, inputs, attributes }: ForeignNode): Upgraded {
  if (opset >= 11) return { inputs: bySizes(inputs.map(notEmpty), attributes), attributes };
  const [x, scales] = inputs;
  const known = knownTensor(scales!);
  const factors = known && toNumbers(known);
  const { mode = "nearest" } = attributes;
  if (mode !== "nearest" || !factors?.some((factor) => factor < 1)) return upsampled(x!, scales!, attributes);
  // It took the nearest element above where it shrank an axis, that below where it enlarged one.
  const part = (choose: (factor: number) => boolean) =>
    x!.graph.constant(tensor(factors.map((factor) => (choose(factor) ? factor : 1))));
  const shrunk = upsampled(
    x!,
    part((factor) => factor < 1),
    attributes,
    "ceil",
  );
  return factors.some((factor) => factor > 1)
    ? upsampled(
        shrunk[0],
        part((factor) => factor > 1),
        attributes,
      )
    : shrunk;
}

/**
 * Where single precision makes a scaled size another than double precision, ONNX Runtime contradicts itself: it
 * expects the one and computes the other. The size that it computes is then given instead of the scale.
 */
function bySizes(inputs: (Value | undefined)[], attributes: Attributes): (Value | undefined)[] {
  const [x, roi, scales, sizes] = inputs;
  const known = scales && knownTensor(scales);
  if (sizes || attributes.axes || !known || !x!.shape.every((dim) => typeof dim === "number")) {
    return inputs;
  }
  const exact = toNumbers(known).map((scale, i) => x!.dims[i] * scale);
  const rounded = toNumbers(known).map((scale, i) => scaledSize(x!.dims[i], scale));
  const contradicts = exact.some((size, i) => Math.floor(size) !== rounded[i]);
  const whole = exact.every((size, i) => Math.abs(size - rounded[i]) < 1e-3); // the size says what the scale did
  return contradicts && whole ? [x, roi, undefined, x!.graph.integers(rounded)] : inputs;
}

/** Exporters fill in inputs that they do not mean with empty tensors. */
function notEmpty(value: Value | undefined): Value | undefined {
  return value?.constant && value.constant.data.length === 0 ? undefined : value;
}

/** Upsample, with its scales as an attribute or an input, is Resize of set 10. */
export function upsample({ graph, inputs, attributes }: ForeignNode): Upgraded {
  const list = attributes.scales as readonly number[] | undefined;
  const scales = inputs[1] ?? graph.constant(tensor(list!, [list!.length]));
  return upsampled(inputs[0]!, scales, attributes);
}

function upsampled(
  x: Value,
  scales: Value,
  { mode = "nearest" }: Attributes,
  nearest = "floor",
): readonly Value[] {
  const attributes = {
    mode,
    coordinate_transformation_mode: "asymmetric",
    ...(mode === "nearest" ? { nearest_mode: nearest } : {}),
  };
  return x.graph.apply(Resize, [x, undefined, scales], attributes);
}
