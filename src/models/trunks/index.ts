import type { Value } from "../../graph/index.ts";
import type { Scope } from "../../nn/index.ts";
import { unit } from "../unit.ts";
import { type MobileTrunk, mobileTrunk } from "./mobile-trunk.ts";
import { type PlainTrunk, plainTrunk } from "./plain-trunk.ts";
import { type ResidualTrunk, residualTrunk } from "./residual-trunk.ts";

export type { MobileTrunk, PlainTrunk, ResidualTrunk };

/** What a trunk is built of: the part of a net that makes features of a picture. */
export type Trunk = MobileTrunk | PlainTrunk | ResidualTrunk;

/** A feature map. */
export interface FeatureMap {
  /** Pixels of the picture for each of its own, horizontally and vertically. */
  stride: number;
  /** `[N, channels, H / stride, W / stride]`. */
  value: Value;
}

/** A trunk's feature maps of pictures `[N, 3, H, W]` in 0…1, by rising stride. */
export function trunkMaps(scope: Scope, x: Value, trunk: Trunk): FeatureMap[] {
  const first = trunk.family === "plain" ? 0 : 1;
  return mapsOf(scope, x, trunk).map((value, i) => ({ stride: 2 ** (first + i), value }));
}

function mapsOf(scope: Scope, x: Value, trunk: Trunk): Value[] {
  switch (trunk.family) {
    case "plain":
      return plainTrunk(scope, x, trunk);
    case "mobile":
      return mobileTrunk(scope, x, trunk);
    case "residual":
      return residualTrunk(scope, x, trunk);
  }
}

/** A classifier's channels for each of the last map's, by family; mobile trunks end wide. */
const WIDENING = { residual: 4, plain: 2, mobile: 1 } as const;

/**
 * The map whose means a classifier judges by: a trunk's last one with more channels, so that each can stand for one
 * thing (Howard et al. 2019, MobileNetV3).
 */
export function classifierMap(scope: Scope, maps: readonly FeatureMap[], { family }: Trunk): Value {
  const { value } = maps.at(-1)!;
  const factor = WIDENING[family];
  return factor === 1 ? value : unit(scope, value, { outChannels: factor * value.dims[1], kernelSize: 1 });
}
