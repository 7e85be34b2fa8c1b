import type { Random } from "../../core/index.ts";
import { type VolumeAugment, type VolumeAxis, volumeAxes } from "./volume-options.ts";

/** Sides of a volume in voxels. */
export type VolumeSize = readonly [depth: number, height: number, width: number];

/** Where a volume is put: mirrored, turned and scaled about its centre, then shifted. */
export interface VolumePlacement {
  /** The axis of the turn. */
  readonly vertical: VolumeAxis;
  /** Rotation in degrees, from the first of the other two axes towards the second. */
  readonly turn: number;
  /** The axis along which the volume is mirrored. */
  readonly mirrored: VolumeAxis | null;
  /** Factor on the size. */
  readonly scale: number;
  /** In voxels. */
  readonly shift: readonly [depth: number, height: number, width: number];
}

/**
 * Three rows of four numbers: source index = row · (depth, height, width, 1) of the output's index, for depth,
 * height and width.
 */
export type VolumeTransform = Float64Array;

/** Draws a placement; `null` if nothing moves. */
export function drawVolumePlacement(
  random: Random,
  size: VolumeSize,
  augment: VolumeAugment,
): VolumePlacement | null {
  const { vertical, scale } = augment;
  const horizontal = volumeAxes.filter((axis) => axis !== vertical);
  const turn = augment.turn > 0 ? random.uniform(-augment.turn, augment.turn) : 0;
  const mirrored = augment.flip > 0 && random.chance(augment.flip) ? random.pick(horizontal) : null;
  const factor = scale[0] < scale[1] ? Math.exp(random.uniform(...logarithms(scale))) : scale[0];
  const drawShift = (side: number) => Math.round(random.uniform(-augment.shift, augment.shift) * side);
  const shift = augment.shift > 0 ? size.map(drawShift) : [0, 0, 0];
  if (turn === 0 && mirrored === null && factor === 1 && shift.every((steps) => steps === 0)) return null;
  return { vertical, turn, mirrored, scale: factor, shift: [shift[0], shift[1], shift[2]] };
}

function logarithms([low, high]: readonly [number, number]): [number, number] {
  return [Math.log(low), Math.log(high)];
}

/** From the placed volume's voxel indices back to the source's. */
export function transformToSource(size: VolumeSize, placement: VolumePlacement): VolumeTransform {
  const up = volumeAxes.indexOf(placement.vertical);
  const [first, second] = [0, 1, 2].filter((axis) => axis !== up);
  const angle = (placement.turn * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) / placement.scale, Math.sin(angle) / placement.scale];
  const rows = new Float64Array(12);
  rows[4 * up + up] = 1 / placement.scale;
  rows[4 * first + first] = cos;
  rows[4 * first + second] = sin;
  rows[4 * second + first] = -sin;
  rows[4 * second + second] = cos;
  for (let row = 0; row < 3; row++) {
    const sign = volumeAxes[row] === placement.mirrored ? -1 : 1;
    let offset = (size[row] - 1) / 2;
    for (let column = 0; column < 3; column++) {
      rows[4 * row + column] *= sign;
      offset -= rows[4 * row + column] * ((size[column] - 1) / 2 + placement.shift[column]);
    }
    rows[4 * row + 3] = offset;
  }
  return rows;
}
