import type { Value } from "../../graph/index.ts";
import type { Scope } from "../../nn/index.ts";
import { type MobileTrunk, mobileTrunk } from "./mobile-trunk.ts";
import { type PlainTrunk, plainTrunk } from "./plain-trunk.ts";
import { type ResidualTrunk, residualTrunk, widen } from "./residual-trunk.ts";

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

/** The map whose means a classifier judges by: a trunk's last one, of residual trunks widened. */
export function classifierMap(scope: Scope, maps: readonly FeatureMap[], { family }: Trunk): Value {
  const { value } = maps.at(-1)!;
  return family === "residual" ? widen(scope, value) : value;
}
