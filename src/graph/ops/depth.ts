import { FoveaError } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { Operator } from "../operator.ts";
import { reshape, transpose } from "./reshape.ts";

/** `[N, C, H, W]` to `[N, C·b², H/b, W/b]`: each b×b block becomes channels. */
export const SpaceToDepth: Operator = {
  opType: "SpaceToDepth",
  infer({ inputs: [x], attributes }) {
    const block = attributes.blocksize as number;
    const [n, c, h, w] = x!.dims;
    if (h % block || w % block) {
      throw new FoveaError(
        "shape-mismatch",
        `SpaceToDepth: height ${h} and width ${w} must be multiples of \`blocksize\` (=${block}).`,
      );
    }
    return [{ dtype: x!.dtype, shape: [n, c * block * block, h / block, w / block] }];
  },
  gradient: ({ node, cotangents: [dy] }) => [depthToSpace(dy!, node.attributes.blocksize as number)],
};

/**
 * `[N, C·b², H, W]` to `[N, C, H·b, W·b]`: channels become b×b blocks. The attribute `mode` says how the
 * channels are ordered: DCR (block first, the default) or CRD (channel first, as PyTorch's pixel shuffle).
 */
export const DepthToSpace: Operator = {
  opType: "DepthToSpace",
  infer({ inputs: [x], attributes }) {
    const block = attributes.blocksize as number;
    const [n, c, h, w] = x!.dims;
    if (c % (block * block)) {
      throw new FoveaError(
        "shape-mismatch",
        `DepthToSpace: ${c} channels are no multiple of \`blocksize\`² (=${block}²).`,
      );
    }
    return [{ dtype: x!.dtype, shape: [n, c / (block * block), h * block, w * block] }];
  },
  gradient({ node, inputs: [x], cotangents: [dy] }) {
    const block = node.attributes.blocksize as number;
    if (node.attributes.mode !== "CRD") return [spaceToDepth(dy!, block)];
    const [n, c, h, w] = x.dims;
    const blocks = reshape(dy!, [n, c / (block * block), h, block, w, block]);
    return [reshape(transpose(blocks, [0, 1, 3, 5, 2, 4]), x.dims)];
  },
};

/** Moves each block × block patch of positions into channels. */
export function spaceToDepth(x: Value, block: number): Value {
  return x.graph.apply(SpaceToDepth, [x], { blocksize: block })[0];
}

/** Spreads channels over block × block patches of positions; `mode` "CRD" is PyTorch's pixel shuffle. */
export function depthToSpace(x: Value, block: number, mode: "DCR" | "CRD" = "DCR"): Value {
  return x.graph.apply(DepthToSpace, [x], { blocksize: block, mode })[0];
}
