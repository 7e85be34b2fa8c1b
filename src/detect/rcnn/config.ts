import type { BoxShape } from "../../geometry/index.ts";
import type { Trunk } from "../../models/index.ts";
import type { ProposalMode } from "../proposals/index.ts";
import { gridAnchors } from "./anchors.ts";

/** A map of anchors. */
export interface RpnGrid {
  /** Pixels from one cell to the next: 4, 8, 16 or 32. */
  stride: number;
  /** Anchor shapes `[width, height]` of each cell, in input pixels. */
  anchors: readonly BoxShape[];
}

/** What nets that classify regions have in common: all that defines them besides parameters and regions. */
export interface RegionNetConfig {
  classes: readonly string[];
  /** Input size in pixels, multiples of 32. */
  input: { width: number; height: number };
  /** The trunk, and the channels of the maps that regions are pooled from. */
  size: { trunk: Trunk; neck: number };
  /** Pixels from one cell to the next of each of these maps, finest first; several make a feature pyramid (FPN). */
  strides: readonly number[];
  heads: {
    /** Bins along each side of a region. */
    pooled: number;
    /** Width of the two hidden layers. */
    hidden: number;
  };
}

/** A Faster R-CNN: regions come from a net on the same maps. */
export interface FasterRcnnConfig extends RegionNetConfig {
  /** The maps that regions are proposed on, of the net's strides. */
  grids: readonly RpnGrid[];
  /** Objects of a picture that a training step has room for; of more, the smallest are background to the heads. */
  mostObjects: number;
}

/** A Fast R-CNN: regions come from selective search. */
export interface FastRcnnConfig extends RegionNetConfig {
  /** None: it has no anchors. */
  grids: readonly RpnGrid[];
  proposals: ProposalUse;
}

/** An R-CNN: regions come from selective search, and each is a picture of its own. */
export interface RcnnConfig extends FastRcnnConfig {
  crop: {
    /** Pixels along each side of a warped crop, a multiple of 32. */
    side: number;
    /** What is shown around a region, on each side, in shares of its size. */
    context: number;
  };
}

/** How a net's regions are searched for, in training and later. */
export interface ProposalUse {
  mode: ProposalMode;
  /** Regions of a picture. */
  most: number;
}

/** How many regions pass the stages of the net. */
export interface RegionCounts {
  /** Best anchors that are decoded. */
  before: number;
  /** Regions that suppression leaves, at most. */
  after: number;
}

/** In training: more than are drawn, so that drawing has a choice. */
export const trainingRegions: RegionCounts = { before: 1_000, after: 256 };

/** In the shipped file (Ren et al. 2015, §5.1: 300 are as good as 2,000). */
export const inferenceRegions: RegionCounts = { before: 1_000, after: 300 };

/** Of two proposals whose IoU exceeds this, only the better stays (Ren et al. 2015, §3.3). */
export const PROPOSAL_IOU = 0.7;

/** Corners of all anchors `[Σ rows × columns × A, 4]`, in input pixels, map by map. */
export function anchorsOf({ input, grids }: FasterRcnnConfig): Float32Array {
  const ofGrids = grids.map(({ stride, anchors }) => {
    const cell = anchors.flatMap(([width, height]) => {
      const [x, y] = [(stride - width) / 2, (stride - height) / 2]; // around the cell's middle
      return [x, y, x + width, y + height];
    });
    return [...gridAnchors(cell, input.height / stride, input.width / stride, stride)];
  });
  return Float32Array.from(ofGrids.flat());
}
