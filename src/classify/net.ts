import type { ExampleKind } from "../data/index.ts";
import { cast, type Value } from "../graph/index.ts";
import {
  backboneTrunks,
  classifierHead,
  classifierMap,
  classifierNets,
  netFor,
  trunkMaps,
} from "../models/index.ts";
import type { Scope } from "../nn/index.ts";
import { normalizeInputs } from "./normalization.ts";
import type { Recipe } from "./recipe.ts";

/** Names of the nets for a kind of data: for pictures also the trunks of our own backbones. */
export function classifierNames(kind: ExampleKind): string[] {
  const names = Object.keys(classifierNets[kind]);
  return kind === "pictures" ? [...Object.keys(backboneTrunks), ...names] : names;
}

/** The net for a kind of data where none is named. */
export function defaultNet(kind: ExampleKind): string {
  return classifierNames(kind)[0];
}

/** Where a trunk stands among the net's parameters. */
export const TRUNK_PATH = "trunk";

/** Where that stands which widens the trunk's last map. */
export const WIDENING_PATH = "widen";

/** Logits `[N, classes]` of inputs `[N, channels, …]`, uint8 or float32. */
export function classifierLogits(
  scope: Scope,
  inputs: Value,
  {
    kind,
    model,
    classes,
    normalize,
    backbone,
  }: Pick<Recipe, "kind" | "model" | "classes" | "normalize" | "backbone">,
): Value {
  const floats = inputs.dtype === "float32" ? inputs : cast(inputs, "float32");
  const x = normalizeInputs(floats, normalize);
  const trunk = kind === "pictures" ? backboneTrunks[model] : undefined;
  if (!trunk) return netFor(kind, model).build(scope, x, classes.length);
  const learned = scope.withRate(backbone?.rate ?? 1);
  const map = classifierMap(learned.at(WIDENING_PATH), trunkMaps(learned.at(TRUNK_PATH), x, trunk), trunk);
  return classifierHead(scope.at("head"), map, classes.length);
}
