import { type FactorRange, fillIn, requireChoice, requireRange, requireWithin } from "./options.ts";

/** The axes of a volume, in the order of its shape `[depth, height, width]`. */
export const volumeAxes = ["depth", "height", "width"] as const;

/** One of the axes of a volume. */
export type VolumeAxis = (typeof volumeAxes)[number];

/** How volumes are varied in training. What is left out has the value of {@link defaultVolumeAugment}. */
export interface VolumeAugmentOptions {
  /**
   * The axis along which up and down differ. Turns are about it, mirroring is along one of the other two.
   * "width", the last axis, is right for grids stored as `[x, y, z]` with z up: in the 30³ voxels of ModelNet10
   * the feet of chairs and tables have low, their backs and tops high indices of the last axis. Pictures stacked
   * to a film or scan have "height", scans in NIfTI files "depth", their z axis.
   */
  vertical?: VolumeAxis;
  /** Largest rotation about the vertical axis either way, in degrees, voxels taken as cubes; 0 … 180. */
  turn?: number;
  /** Probability of mirroring one of the two horizontal axes, either as likely; 0 … 1. */
  flip?: number;
  /** Largest shift along each axis either way, as a share of that side, in whole voxels; 0 … 0.5. */
  shift?: number;
  /** Factor on the size, the same along all axes, drawn log-uniformly; within 0.25 … 4. */
  scale?: FactorRange;
  /** What lies beyond the borders of all channels, or of each: the value of what is empty; finite. */
  fill?: number | readonly number[];
  /** Deviation of additive normal noise, relative to each channel's own standard deviation; 0 … 1. */
  noise?: number;
  /** Largest share of the voxels that are set to `fill` in all channels, drawn uniformly from 0; 0 … 1. */
  dropout?: number;
}

/** Every value of {@link VolumeAugmentOptions}, set. */
export type VolumeAugment = Readonly<Required<VolumeAugmentOptions>>;

/** What a {@link VolumeAugmentOptions} leaves out. */
export const defaultVolumeAugment: VolumeAugment = {
  vertical: "width",
  turn: 180,
  flip: 0.5,
  shift: 0.1,
  scale: [0.85, 1.15],
  fill: 0,
  noise: 0,
  dropout: 0,
};

/** Fills in the defaults. Throws `augment-invalid` on a value out of its range. */
export function resolveVolumeAugment(options: VolumeAugmentOptions): VolumeAugment {
  const augment = fillIn(defaultVolumeAugment, options);
  requireChoice("vertical", augment.vertical, volumeAxes);
  requireWithin("turn", augment.turn, 0, 180);
  requireWithin("flip", augment.flip, 0, 1);
  requireWithin("shift", augment.shift, 0, 0.5);
  requireRange("scale", augment.scale, 0.25, 4);
  for (const fill of [augment.fill].flat()) requireWithin("fill", fill, -Number.MAX_VALUE, Number.MAX_VALUE);
  requireWithin("noise", augment.noise, 0, 1);
  requireWithin("dropout", augment.dropout, 0, 1);
  return augment;
}
