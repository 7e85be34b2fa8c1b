import { requireRange } from "../../core/index.ts";
import { type Picture, requirePicture, resizePicture } from "../../image/index.ts";
import { toPlanes } from "./colour-spaces.ts";
import { smooth } from "./gaussian.ts";
import { groupRegions, type RegionTree } from "./group.ts";
import { sortedEdges } from "./pixel-edges.ts";
import { rankBoxes } from "./rank.ts";
import { pixelCodes, regionFeatures } from "./region-features.ts";
import { type Segmentation, SIGMA, segmentEdges } from "./segment.ts";
import { type Diversity, diversities, type ProposalMode } from "./strategies.ts";

/** How regions are searched for. */
export interface ProposalOptions {
  /** How many ways to segment and to group are tried. Default "fast". */
  mode?: ProposalMode;
  /** At most so many boxes, the best ones. Default 2,000. */
  most?: number;
  /** Boxes with a shorter side, in pixels of the searched picture, are left out. Default 8. */
  leastSide?: number;
  /** Draws the random part of the ranking. Default 0. */
  seed?: number;
  /** Pictures with a longer side are shrunk to it for the search. Default 500, as R-CNN does; Infinity shrinks none. */
  longerSide?: number;
}

/** Where objects may be. */
export interface Proposals {
  /** Corners in pixels of the picture `[N, 4]`, the most promising first. */
  readonly boxes: Float32Array;
  /** The first segmentation that was made: the blobs. It may be smaller than the picture. */
  readonly blobs: Segmentation;
}

/** What holds where nothing is said. */
export const proposalDefaults: Required<ProposalOptions> = {
  mode: "fast",
  most: 2_000,
  leastSide: 8,
  seed: 0,
  longerSide: 500,
};

/**
 * Selective search (Uijlings et al. 2013): class-independent boxes that are likely to hold an object. The picture is
 * segmented in several colour spaces and at several scales, and the segments are grouped by several measures of
 * alikeness; every region on the way is a proposal. The same picture, options and seed give the same boxes.
 *
 * @throws FoveaError `argument-range` where an option is out of its range, `picture-size`
 */
export async function proposeRegions(picture: Picture, options: ProposalOptions = {}): Promise<Proposals> {
  requirePicture(picture);
  const settings = checkProposalOptions(options);
  const scale = Math.min(1, settings.longerSide / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) =>
    Math.max(1, Math.round(side * scale)),
  );
  const searched = scale < 1 ? await resizePicture(picture, width, height) : picture;
  const { trees, blobs } = searchRegions(searched, diversities[settings.mode]);
  const boxes = rankBoxes(trees, settings);
  const factors = [picture.width / width, picture.height / height];
  return { boxes: boxes.map((corner, i) => corner * factors[i % 2]), blobs };
}

/** The options with defaults filled in. @throws FoveaError `argument-range` */
export function checkProposalOptions(options: ProposalOptions): Required<ProposalOptions> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const settings: Required<ProposalOptions> = { ...proposalDefaults, ...Object.fromEntries(given) };
  const { mode, most, leastSide, seed, longerSide } = settings;
  const known = Object.keys(diversities);
  requireRange("proposeRegions", "mode", mode, known.includes(mode), `one of ${known.join(", ")}`);
  requireRange("proposeRegions", "most", most, Number.isInteger(most) && most >= 1, "a whole number ≥ 1");
  requireRange("proposeRegions", "leastSide", leastSide, leastSide >= 0, "a number ≥ 0");
  requireRange("proposeRegions", "seed", seed, Number.isInteger(seed), "a whole number");
  requireRange("proposeRegions", "longerSide", longerSide, longerSide >= 16, "a number ≥ 16");
  return settings;
}

/** All regions of a picture: one tree for each colour space, k and measure, in this order. */
export function searchRegions(
  picture: Picture,
  { spaces, k: scales, similarities }: Diversity,
): { trees: RegionTree[]; blobs: Segmentation } {
  const trees: RegionTree[] = [];
  let blobs: Segmentation | undefined;
  for (const space of spaces) {
    const planes = toPlanes(picture, space);
    const edges = sortedEdges(smooth(planes, SIGMA));
    const codes = pixelCodes(planes);
    for (const k of scales) {
      const segmentation = segmentEdges(edges, picture, k, k); // no segment of fewer than k pixels: the authors' choice
      blobs ??= segmentation;
      const features = regionFeatures(segmentation, codes);
      for (const wanted of similarities) {
        trees.push(groupRegions(features, segmentation.neighbours, planes.width * planes.height, wanted));
      }
    }
  }
  return { trees, blobs: blobs! };
}
