import { mobileTrunk, nanoTrunk, smallTrunk, type Trunk } from "../../models/index.ts";

/** The trunk of a net that `--model` names, and the width of what stands on it. */
export interface NetSize {
  /** Makes maps at strides 8, 16 and 32, among others. */
  trunk: Trunk;
  /** Channels of the feature pyramid and the head. */
  neck: number;
}

/** The nets on offer by name. */
export const netSizes: Readonly<Record<string, NetSize>> = {
  nano: { trunk: nanoTrunk, neck: 64 },
  small: { trunk: smallTrunk, neck: 96 },
  mobile: { trunk: mobileTrunk, neck: 96 },
};

/** How labels are laid on the grid and how boxes are read off it. */
export interface HeadStyle {
  /**
   * Which cells answer for an object: the one that holds its centre (the textbook), or that one and its
   * neighbours.
   */
  positives: "centre" | "neighbourhood";
  /**
   * What tells a find from nothing. "confidence" (the textbook): Pc, trained towards 1 where there is an object,
   * times the classes' probabilities. "quality": no Pc, but each class's score trained towards the IoU that the
   * box reaches (Zhang et al. 2021, VarifocalNet), so that a rare class is ranked by its own examples.
   */
  score: "confidence" | "quality";
  /** Box loss: squared error of the cell's coordinates (the textbook), or 1 − a variant of IoU. */
  boxLoss: "squared" | "giou" | "diou" | "ciou";
}

/** One grid of answers. */
export interface YoloGrid {
  /** Pixels per cell. */
  stride: number;
  /** Anchor shapes `[width, height]` in input pixels. */
  anchors: readonly (readonly [width: number, height: number])[];
  /**
   * Objects that a neighbourhood head answers for on this grid, by the square root of their area in input
   * pixels: from `smallest` on, below `largest`. Ranges may overlap: then several grids answer for an object.
   * With neither, an object belongs to the grid that has the anchor most like its shape.
   */
  smallest?: number;
  largest?: number;
}

/** Whether an object's size is in a grid's range. */
export function suitsGrid(
  { smallest = 0, largest = Number.POSITIVE_INFINITY }: Pick<YoloGrid, "smallest" | "largest">,
  width: number,
  height: number,
): boolean {
  const side = Math.sqrt(width * height);
  return side >= smallest && side < largest;
}

/** All that defines a YOLO detector besides its parameters. */
export interface YoloConfig {
  classes: readonly string[];
  /** Input size in pixels, multiples of the largest stride. */
  input: { width: number; height: number };
  size: NetSize;
  grids: readonly YoloGrid[];
  head: HeadStyle;
}

/** Numbers that a cell answers for each anchor: (Pc,) bx, by, bh, bw and the classes. */
export function answersPerAnchor({ head, classes }: Pick<YoloConfig, "head" | "classes">): number {
  return (head.score === "confidence" ? 5 : 4) + classes.length;
}
