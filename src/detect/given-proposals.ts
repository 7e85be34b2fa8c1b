import type { Tensor } from "../core/index.ts";
import type { Picture } from "../image/index.ts";
import { proposeRegions } from "./proposals/index.ts";
import type { ProposalUse } from "./rcnn/index.ts";

/**
 * A picture's proposals as a net's input, corners in its pixels `[most, 4]`; rows of zeros fill up.
 *
 * @param known corners `[N, 4]` that were found before; without them the picture is searched
 */
export async function proposalTensor(
  picture: Picture,
  use: ProposalUse,
  known?: Float32Array,
): Promise<Tensor> {
  const boxes = known ?? (await proposeRegions(picture, use)).boxes;
  const data = new Float32Array(use.most * 4);
  data.set(boxes.subarray(0, data.length));
  return { dtype: "float32", shape: [use.most, 4], data };
}
