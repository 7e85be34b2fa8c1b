import { sizeOf, toNumbers } from "../../core/index.ts";
import {
  type Attributes,
  Concat,
  convGeometry,
  knownTensor,
  type Node,
  reducedAxes,
  resolvePads,
  transposedGeometry,
} from "../../graph/index.ts";

/** What the elements of a tensor see of a picture. */
export interface Sight {
  /** Pixels to each side of an element's place; infinite where it looks at the whole picture. */
  reach: number;
  /** Pixels from one element to the next. */
  stride: number;
  /** The tensor's axes that run down and across the picture. */
  axes: readonly [number, number];
}

/** What a node's outputs see, by what its input sees; undefined where no bound is known. */
type Rule = (node: Node, sight: Sight, averagePooling: boolean) => Sight | undefined;

const same: Rule = (_, sight) => sight;

/** The operators besides elementwise ones of which it is known what they see. */
const rules: Readonly<Record<string, Rule>> = {
  Conv: throughWindow,
  MaxPool: throughWindow,
  AveragePool: throughWindow,
  ConvTranspose: throughTransposedWindow,
  Resize: throughResize,
  Pad: throughPad,
  Slice: throughSlice,
  Transpose: throughTranspose,
  Reshape: throughReshape,
  Cast: same,
  /** In inference it is one factor and one offset for each channel. */
  BatchNormalization: ({ attributes }, sight) => (attributes.training_mode ? undefined : sight),
  LRN: along(() => [1]),
  MatMul: along(({ inputs: [x] }) => [x!.rank - 1]),
  Concat: along((node) => [axisOf(node)]),
  Split: along((node) => [axisOf(node, 0)]),
  Softmax: along((node) => [axisOf(node)]),
  LogSoftmax: along((node) => [axisOf(node)]),
  LayerNormalization: along((node) => node.inputs[0]!.shape.map((_, axis) => axis).slice(axisOf(node))),
};

/**
 * What a node's outputs see, by what its inputs see: undefined where they do not come from the picture. What no rule
 * knows, a norm over the picture among it, is taken to look at everything.
 *
 * @param averagePooling counts maxima that halve as the wider means in place of them (`averageInstead`)
 */
export function sightThrough(
  node: Node,
  sights: readonly (Sight | undefined)[],
  averagePooling: boolean,
): Sight {
  const seeing = sights.filter((sight) => sight !== undefined);
  const before: Sight = {
    reach: Math.max(...seeing.map(({ reach }) => reach)),
    stride: Math.max(...seeing.map(({ stride }) => stride)),
    axes: seeing[0].axes,
  };
  const known = isPlaceByPlace(node, sights) ? ruleOf(node)?.(node, before, averagePooling) : undefined;
  return known ?? { ...before, reach: Number.POSITIVE_INFINITY };
}

function ruleOf({ operator: { elementwise, opType }, attributes }: Node): Rule | undefined {
  if (elementwise) return same;
  if (!opType.startsWith("Reduce")) return rules[opType];
  return attributes.keepdims === 0
    ? undefined
    : along(({ inputs: [x, axes] }) => reducedAxes(opType, x!, axes));
}

/**
 * Whether what comes from the picture lies in the inputs as in the outputs, so that none is spread out over the others'
 * places, and nothing but maps comes from it: no filters, no sizes.
 */
function isPlaceByPlace(
  { operator, inputs, outputs: [y] }: Node,
  sights: readonly (Sight | undefined)[],
): boolean {
  if (!operator.elementwise && operator !== Concat) return sights.every((sight, i) => i === 0 || !sight);
  const axes = sights.find((sight) => sight)!.axes;
  return sights.every((sight, i) => {
    if (!sight) return true;
    const { rank, shape } = inputs[i]!;
    return (
      rank === y.rank && sight.axes.every((axis, k) => axis === axes[k] && shape[axis] === y.shape[axis])
    );
  });
}

/** A rule of operators that work along some axes: nothing is added where the picture does not lie along these. */
function along(axesOf: (node: Node) => readonly number[]): Rule {
  return (node, sight) => (axesOf(node).some((axis) => sight.axes.includes(axis)) ? undefined : sight);
}

function axisOf({ inputs: [x], attributes }: Node, usual = -1): number {
  const axis = (attributes.axis as number | undefined) ?? usual;
  return axis < 0 ? axis + x!.rank : axis;
}

/** Whether rows and columns are where convolutions and pools look for them. */
function areLast({ axes: [down, across] }: Sight): boolean {
  return down === 2 && across === 3;
}

/** A window of k elements, its ends where the padding puts them. */
function throughWindow(node: Node, sight: Sight, averagePooling: boolean): Sight | undefined {
  if (!areLast(sight)) return undefined;
  const { kernel, strides, dilations, begin } = windowOf(node);
  const wider = averagePooling && node.operator.opType === "MaxPool" ? 1 : 0;
  const ends = kernel.map((k, i) => Math.max(begin[i], dilations[i] * (k - 1) - begin[i]) + wider);
  const { reach, stride } = sight;
  return { ...sight, reach: reach + stride * Math.max(...ends), stride: stride * Math.max(...strides) };
}

function windowOf({ inputs: [x, filters], attributes }: Node) {
  if (filters) return convGeometry(x!, filters, attributes);
  const kernel = attributes.kernel_shape as readonly number[];
  const list = (name: string) => (attributes[name] as readonly number[] | undefined) ?? kernel.map(() => 1);
  const [strides, dilations] = [list("strides"), list("dilations")];
  const [begin] = resolvePads(x!, kernel, strides, dilations, attributes);
  return { kernel, strides, dilations, begin };
}

/** Each element is spread over a window of outputs, which stand closer by the stride. */
function throughTransposedWindow(
  { inputs: [x, filters], attributes }: Node,
  sight: Sight,
): Sight | undefined {
  if (!areLast(sight)) return undefined;
  const { kernel, strides, dilations, begin } = transposedGeometry(x!, filters!, attributes);
  const ends = kernel.map((k, i) => Math.max(begin[i], dilations[i] * (k - 1) - begin[i]));
  const stride = sight.stride / Math.min(...strides);
  return { ...sight, reach: sight.reach + stride * Math.max(...ends), stride };
}

/** Of how places are counted these depend on no more than the scale; the others also on the picture's size. */
const BY_SCALE = new Set(["half_pixel", "pytorch_half_pixel", "asymmetric"]);

function throughResize({ inputs: [x], outputs: [y], attributes }: Node, sight: Sight): Sight | undefined {
  const { mode = "nearest", coordinate_transformation_mode: counted = "half_pixel" } =
    attributes as Attributes;
  if (!BY_SCALE.has(counted as string)) return undefined;
  const ratio = Math.max(...sight.axes.map((axis) => x!.dims[axis] / y.dims[axis]));
  const support = (mode === "cubic" ? 2 : 1) * Math.max(1, attributes.antialias ? ratio : 1);
  const shift = counted === "asymmetric" ? 0 : Math.abs(ratio - 1) / 2;
  return { ...sight, reach: sight.reach + sight.stride * (support + shift), stride: sight.stride * ratio };
}

/** Places move by what is added before them. */
function throughPad({ inputs: [, pads] }: Node, sight: Sight): Sight | undefined {
  const amounts = pads && knownTensor(pads);
  if (!amounts) return undefined;
  const most = Math.max(...toNumbers(amounts).map(Math.abs));
  return { ...sight, reach: sight.reach + sight.stride * most };
}

/** Slices of channels; what is cut out of the picture is not followed. */
function throughSlice({ inputs: [x, , , , steps], outputs: [y] }: Node, sight: Sight): Sight | undefined {
  const known = steps ? knownTensor(steps) : undefined;
  const isForward = !steps || (known && toNumbers(known).every((step) => step > 0));
  return isForward && sight.axes.every((axis) => x!.shape[axis] === y.shape[axis]) ? sight : undefined;
}

function throughTranspose({ inputs: [x], attributes }: Node, sight: Sight): Sight {
  const order = attributes.perm as readonly number[] | undefined;
  const [down, across] = sight.axes.map((axis) => (order ? order.indexOf(axis) : x!.rank - 1 - axis));
  return { ...sight, axes: [down, across] };
}

/** Channels are grouped or joined: rows and columns stand as they were behind as many elements. */
function throughReshape({ inputs: [x], outputs: [y] }: Node, sight: Sight): Sight | undefined {
  const [down, across] = sight.axes;
  if (across !== down + 1) return undefined;
  const before = sizeOf(x!.dims.slice(0, down));
  const at = y.dims.findIndex((size, axis) => {
    const isThere = size === x!.dims[down] && y.dims[axis + 1] === x!.dims[across];
    return isThere && sizeOf(y.dims.slice(0, axis)) === before;
  });
  return at < 0 ? undefined : { ...sight, axes: [at, at + 1] };
}
