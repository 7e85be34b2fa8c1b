import type { Tensor } from "../core/index.ts";
import type { Picture } from "../image/index.ts";
import { proposeRegions } from "./proposals/index.ts";
import type { ProposalUse } from "./rcnn/index.ts";

/** What was searched for before, by picture: evaluation looks at the same ones after every epoch. */
const known = new WeakMap<Picture, Map<string, Float32Array>>();

/** A picture's proposals as a net's input, corners in its pixels `[most, 4]`; rows of zeros fill up. */
export async function proposalTensor(picture: Picture, use: ProposalUse): Promise<Tensor> {
  const boxes = known.get(picture)?.get(keyOf(use)) ?? (await proposeRegions(picture, use)).boxes;
  rememberProposals(picture, use, boxes);
  const data = new Float32Array(use.most * 4);
  data.set(boxes);
  return { dtype: "float32", shape: [use.most, 4], data };
}

/** Keeps a picture's proposals for as long as the picture itself is kept. */
export function rememberProposals(picture: Picture, use: ProposalUse, boxes: Float32Array): void {
  const all = known.get(picture) ?? new Map<string, Float32Array>();
  known.set(picture, all.set(keyOf(use), boxes));
}

function keyOf({ mode, most }: ProposalUse): string {
  return `${mode} ${most}`;
}
