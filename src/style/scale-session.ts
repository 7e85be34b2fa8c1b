import { Random } from "../core/index.ts";
import type { Picture, PictureSize } from "../image/index.ts";
import { matchRegions } from "./match-regions.ts";
import {
  type CostPlan,
  measureContent,
  measureStyle,
  type Objective,
  sizeWithSide,
  type Targets,
  tiledPicture,
  wholePicture,
} from "./optimize/index.ts";
import { cropPlanes, framePlanes, matchColors, type Planes } from "./planes/index.ts";
import { maskAt, planesAt, type ReadStyle } from "./read-inputs.ts";
import { type MeasuredStyle, regionsOf } from "./regions.ts";
import { alignedSize, areExact, type Extent, planPicture, type WindowPlan } from "./tiles/index.ts";

/** What stays the same on all scales. */
export interface Subject {
  content: Picture;
  styles: readonly ReadStyle[];
  plan: CostPlan;
  keepColors: boolean;
  styleScale: number;
  tile: number | undefined;
  seed: number;
}

/** One size of a transfer, ready to be optimised. */
export interface ScaleSession {
  /** What is computed: the picture with a border, in which what a net does at edges stays, and which is cut off. */
  canvas: PictureSize;
  /** Pixels of the border to the left and above. */
  border: number;
  /** The content on the canvas in the colours that it is to have, and the heaviest style. */
  content: Planes;
  style: Planes;
  objective: Objective;
}

/** A border's share of the picture's longer side, and its least width in pixels. */
const BORDER_SHARE = 1 / 32;
const SMALLEST_BORDER = 8;

/** Measures content and styles at a size and makes J of them. */
export async function openScale(subject: Subject, size: PictureSize): Promise<ScaleSession> {
  const { plan, styles, tile, seed } = subject;
  const extent = extentOf(plan);
  const border = Math.max(SMALLEST_BORDER, Math.round(Math.max(size.width, size.height) * BORDER_SHARE));
  // Never too small for the coarsest layer: of a long picture the mirror image goes on.
  const framedSide = (side: number) => Math.max(side + 2 * border, extent.stride);
  const framed = { width: framedSide(size.width), height: framedSide(size.height) };
  const isWhole = planPicture(framed, extent, tile).windows.length === 1;
  const canvas = isWhole ? framed : alignedSize(framed, extent.stride);
  const plain = await planesAt(subject.content, size);
  const shown = await Promise.all(styles.map((style) => styleAt(style, subject, { size, extent, plain })));
  const heaviest = shown[styles.indexOf(styles.toSorted((a, b) => b.weight - a.weight)[0])];
  const masks = await Promise.all(styles.map(({ mask }) => mask && maskAt(mask, size)));
  const matches = plan.recipe.matchColors && !subject.keepColors;
  const sources = styles.map(({ weight }, i) => ({ weight, planes: shown[i], mask: masks[i] }));
  const content = framePlanes(matches ? matchRegions(plain, sources) : plain, canvas, border);
  const measured: MeasuredStyle[] = [];
  for (const { weight, planes, mask } of sources) {
    const picture = trimmed(planes, extent, tile);
    const statistics = await measureStyle(plan, picture, planPicture(picture, extent, tile));
    const spread = mask && framePlanes({ ...size, data: mask }, canvas, border);
    measured.push({ weight, statistics, mask: spread?.data });
  }
  const targets: Targets = {
    size: canvas,
    regions: regionsOf(measured, canvas),
    content: await measureContent(plan, content, planPicture(canvas, extent, tile)),
  };
  const windowsAt = windowsOver(canvas, extent, tile, seed);
  const objective = isWhole
    ? await wholePicture(plan, targets)
    : await tiledPicture(plan, targets, windowsAt);
  return { canvas, border, content, style: heaviest, objective };
}

/** What the cost's layers see. */
function extentOf(plan: CostPlan): Extent {
  const names = [...plan.layers.style, ...plan.layers.content].map(({ name }) => name);
  return plan.net.extent(names, plan.recipe.averagePooling);
}

/** A style at the size that makes its strokes right for a picture, but large enough for the coarsest layer. */
async function styleAt(
  { picture }: ReadStyle,
  { styleScale, keepColors }: Subject,
  { size, extent, plain }: { size: PictureSize; extent: Extent; plain: Planes },
): Promise<Planes> {
  const { width, height } = picture;
  const least = (extent.stride * Math.max(width, height)) / Math.min(width, height);
  const side = Math.max(least, Math.max(size.width, size.height) * styleScale);
  const planes = await planesAt(picture, sizeWithSide(picture, side));
  return keepColors ? matchColors(planes, plain) : planes;
}

/** A picture that is to be measured in windows, cut to where windows can end. */
function trimmed(picture: Planes, extent: Extent, tile: number | undefined): Planes {
  if (planPicture(picture, extent, tile).windows.length === 1) return picture;
  const { width, height } = picture;
  const down = (side: number) => Math.max(extent.stride, Math.floor(side / extent.stride) * extent.stride);
  return cropPlanes(picture, { width: Math.min(width, down(width)), height: Math.min(height, down(height)) });
}

/**
 * The windows of each evaluation. Where they see as far as the features, they stay. Layers that see farther, or the
 * whole picture, see of it what the window shows: then their grid is another one each time, so that no border stays
 * in one place long enough to become a seam.
 */
function windowsOver(
  canvas: PictureSize,
  extent: Extent,
  tile: number | undefined,
  seed: number,
): (evaluation: number) => WindowPlan {
  const fixed = planPicture(canvas, extent, tile);
  if (areExact(extent, tile)) return () => fixed;
  return (evaluation) => {
    const random = new Random(seed, 0x7469, evaluation);
    const step = () => extent.stride * random.integer(Math.ceil(1024 / extent.stride));
    return planPicture(canvas, extent, tile, { x: step(), y: step() });
  };
}
