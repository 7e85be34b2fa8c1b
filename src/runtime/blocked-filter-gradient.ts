import { type ConvGeometry, cropTo, reshape, transpose, type Value } from "../graph/index.ts";
import { blockedConv, blockMap, plainMap } from "./blocked-operators.ts";
import { channelsAsPictures, partsPerPicture } from "./channels-as-pictures.ts";
import { foldDepth, geometryInPlane } from "./fold-depth.ts";
import { evenly, moveRows, pickRows } from "./move-rows.ts";
import { raiseGeometry, raiseShape } from "./raise-rank.ts";

/** A filter gradient to be computed: the convolution's input, the cotangent of its output, the filters' shape. */
export interface FilterGradient {
  x: Value;
  dy: Value;
  shape: readonly number[];
  geometry: ConvGeometry;
}

/**
 * ∂loss/∂w of a convolution by ONNX Runtime's kernels for channels in blocks. It is itself a convolution: pictures
 * and channels change roles, dy is the filter, so large that few positions are left, one for each tap; strides
 * become dilations and dilations strides. Sequences and pictures count as volumes of one plane.
 *
 * @param block Channels of a block, 8 or 16.
 * @returns undefined where the kernels do not apply or would not pay.
 */
export function filterGradientBlocked(gradient: FilterGradient, block: number): Value | undefined {
  const { x, shape, geometry } = gradient;
  if (x.dtype !== "float32" || geometry.groups > 1 || x.rank > 5 || shape[0] % block !== 0) return undefined;
  if (shape.slice(2).every((size) => size === 1)) return undefined; // one product without shifts
  const folds = x.rank === 5 && x.dims[0] % block !== 0;
  const result = folds ? fromPlanes(gradient, block) : fromVolumes(asVolumes(gradient), block);
  return result && reshape(result, shape);
}

/** Pictures that do not fill a block: their planes may. */
function fromPlanes({ x, dy, shape, geometry }: FilterGradient, block: number): Value | undefined {
  const [outChannels, inChannels, depth, ...kernel] = shape;
  const planes = foldDepth(x, dy.dims[2], geometry);
  const lead = transpose(dy, [0, 2, 1, 3, 4]); // [N, D, M, …]
  const folded = asVolumes({
    x: planes,
    dy: reshape(lead, [planes.dims[0], outChannels, ...dy.dims.slice(3)]),
    shape: [outChannels, depth * inChannels, ...kernel],
    geometry: geometryInPlane(geometry),
  });
  const dw = fromVolumes(folded, block);
  return dw && transpose(reshape(dw, [outChannels, depth, inChannels, ...kernel]), [0, 2, 1, 3, 4]);
}

function asVolumes({ x, dy, shape, geometry }: FilterGradient): FilterGradient {
  return {
    x: reshape(x, raiseShape(x.dims, 3)),
    dy: reshape(dy, raiseShape(dy.dims, 3)),
    shape: raiseShape(shape, 3),
    geometry: raiseGeometry(geometry, 3),
  };
}

function fromVolumes({ x, dy, shape, geometry }: FilterGradient, block: number): Value | undefined {
  const [outChannels, inChannels, depth] = shape;
  const parts = partsPerPicture(x, dy, geometry, block);
  if (parts === undefined) return undefined;
  const [, ...strides] = geometry.strides;
  const [, ...dilations] = geometry.dilations;
  const size = [dy.dims[3] / parts, dy.dims[4]];
  const extent = size.map((count, i) => (count - 1) * strides[i] + 1); // of dy as a filter
  const together = dilations[1] === 1 ? channelsPerPicture(inChannels, outChannels, block) : 1;
  const { map, above, below } = channelsAsPictures({ x, dy, geometry, parts, together, block });
  const [pictures, lanes, height, width] = map.dims;

  const rows = Math.floor((above + height + below - extent[0]) / dilations[0]) + 1;
  const columns = Math.floor((width / together - extent[1]) / dilations[1]) + 1;
  const produced = [pictures, outChannels, rows, columns * together];
  const filter = reshape(cotangentAsFilter(dy, parts, block), [outChannels, lanes, ...size]);
  const blocks = blockedConv(map, filter, produced, {
    strides: dilations,
    dilations: [strides[0], strides[1] * together],
    pads: [above, 0, below, 0],
  });
  const byFilter = moveRows(blocks, {
    dims: [depth, inChannels / together, outChannels / block, rows, columns, together],
    order: [2, 1, 5, 0, 3, 4],
  });
  const found = [1, outChannels, inChannels * depth * rows, columns]; // as a map of M channels
  const taps = reshape(plainMap(reshape(byFilter, found)), [outChannels, inChannels, depth, rows, columns]);
  return cropTo(taps, shape); // without positions that no tap has
}

/** Filter blocks that the kernels work on at once. */
const FILTER_BLOCKS = 4;

/**
 * How many input channels lie side by side in a picture. The kernels are at their best with six positions in a row
 * for four blocks of filters; a tap row of three with less than four blocks leaves them idle.
 */
function channelsPerPicture(inChannels: number, outChannels: number, block: number): number {
  if (inChannels <= FILTER_BLOCKS) return inChannels;
  return outChannels < FILTER_BLOCKS * block && inChannels % 2 === 0 ? 2 : 1;
}

/** dy `[N, M, D, H, W]` as a filter in blocks, `[M/b, D·N·parts/b, H/parts, W, b of N·parts, b of M]`. */
function cotangentAsFilter(dy: Value, parts: number, block: number): Value {
  const [batch, channels, depth, height, width] = dy.dims;
  const plane = height * width;
  const perBlock = depth * plane; // rows of b of M
  const perPicture = (channels / block) * perBlock;
  const lanes = Array.from(
    { length: block },
    (_, lane) => Math.floor(lane / parts) * perPicture + (lane % parts) * (plane / parts),
  );
  const rows = blockMap(reshape(dy, [batch, channels, depth * height, width]));
  return pickRows(rows, batch * perPicture, [
    evenly(channels / block, perBlock),
    evenly(depth, plane),
    evenly((batch * parts) / block, (block / parts) * perPicture),
    evenly(plane / parts, 1),
    lanes,
  ]);
}
