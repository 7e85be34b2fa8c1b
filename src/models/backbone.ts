import { readdir } from "node:fs/promises";
import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { FoveaError, type Tensor } from "../core/index.ts";
import { fromFloat16, fromTensorProto, type ModelProto, type Value } from "../graph/index.ts";
import type { Scope } from "../nn/index.ts";
import { backboneTrunks, mobileTrunk } from "./backbones.ts";
import { cocoTrunkValues } from "./coco-backbone.ts";
import { readCard } from "./model-card.ts";
import { openModelFile } from "./model-file.ts";
import { type FeatureMap, type Trunk, trunkMaps } from "./trunks/index.ts";

/** What a shipped backbone's file says of itself. */
export interface BackboneCard {
  task: "backbone";
  /** For example "fovea-nano". */
  name: string;
  trunk: Trunk;
  /** Names of the classes that it was trained to tell apart. */
  classes: string[];
  /** What it was trained on, and how that may be used. */
  data: string;
  /** How it was trained: net, input, batch, rates, epochs, augmentation. */
  recipe: Record<string, unknown>;
  /** The command that makes it again. */
  command: string;
  seed: number;
  /** Shares of pictures that it had not seen. */
  accuracy: { top1: number; top5: number; measuredOn: string };
  intendedUse: string;
  limits: string;
  license: string;
  /** Version of Fovea that made it. */
  version: string;
}

/** Folder of the backbones that ship with the package. */
const SHIPPED = new URL("../../models/", import.meta.url);

/** The ready detector whose trunk can be learned on. */
const COCO = "coco";

/** Names of the trunk's parameters, and of those that widen its last map, begin so in a classifier. */
const TRUNK = "trunk.";
const WIDENING = "widen.";

/** A trained trunk: what nets of other tasks start from. */
export class Backbone {
  readonly name: string;
  readonly trunk: Trunk;
  /** Its description, where it is one that ships. */
  readonly card: BackboneCard | undefined;
  /** Parameters and running statistics by their names below the trunk, float32. */
  readonly values: ReadonlyMap<string, Tensor>;
  /** Those of what widens the last map for a classifier, see {@link classifierMap}; none of mobile trunks. */
  readonly widening: ReadonlyMap<string, Tensor>;

  private constructor(
    name: string,
    trunk: Trunk,
    card: BackboneCard | undefined,
    values: ReadonlyMap<string, Tensor>,
    widening: ReadonlyMap<string, Tensor>,
  ) {
    this.name = name;
    this.trunk = trunk;
    this.card = card;
    this.values = values;
    this.widening = widening;
  }

  /**
   * Opens a backbone: one that ships with Fovea by its name, "coco" for the trunk of the ready detector, or a file: a
   * backbone's, or a classifier of pictures that `fovea classify train` made with one of the trunks.
   *
   * @throws FoveaError `backbone-unknown`, `model-missing`, `model-unreadable`, `not-a-backbone`
   */
  static async load(nameOrPath: string): Promise<Backbone> {
    if (nameOrPath === COCO) {
      return new Backbone(COCO, mobileTrunk, undefined, await cocoTrunkValues(mobileTrunk), new Map());
    }
    const isFile = extname(nameOrPath) === ".onnx";
    const shipped = await shippedBackbones();
    if (!isFile && !shipped.includes(nameOrPath)) {
      throw new FoveaError(
        "backbone-unknown",
        `Backbone "${nameOrPath}" does not ship with Fovea; choose ${[...shipped, COCO].join(", ")}, or give an .onnx file.`,
      );
    }
    const path = isFile ? nameOrPath : backbonePath(nameOrPath);
    const { model } = await openModelFile(path);
    const card = readCard(model) as Partial<BackboneCard> & { model?: string };
    const trunk = card.trunk ?? backboneTrunks[card.model ?? ""];
    const values = valuesBelow(TRUNK, model);
    if (!trunk || values.size === 0) {
      throw new FoveaError(
        "not-a-backbone",
        `Model \`${path}\` has no trunk of Fovea's; give a backbone, or a best.onnx of \`fovea classify train --model nano\`.`,
      );
    }
    return new Backbone(
      isFile ? basename(path) : nameOrPath,
      trunk,
      card.task === "backbone" ? (card as BackboneCard) : undefined,
      values,
      valuesBelow(WIDENING, model),
    );
  }

  /**
   * Feature maps of pictures `[N, 3, H, W]` in 0…1, by rising stride. The scope's values, or those that training
   * starts from, are {@link valuesAt} its path.
   */
  build(scope: Scope, x: Value): FeatureMap[] {
    return trunkMaps(scope, x, this.trunk);
  }

  /** The values under the names that they have in a net whose trunk stands at `path`. */
  valuesAt(path: string): Map<string, Tensor> {
    return new Map([...this.values].map(([name, value]) => [path ? `${path}.${name}` : name, value]));
  }
}

function valuesBelow(prefix: string, { graph }: ModelProto): Map<string, Tensor> {
  const below = graph.initializer.filter(({ name }) => name.startsWith(prefix));
  return new Map(
    below.map((proto) => {
      const value = fromTensorProto(proto);
      return [proto.name.slice(prefix.length), value.dtype === "float16" ? fromFloat16(value) : value];
    }),
  );
}

/** Names of the backbones that ship with the package, sorted. */
export async function shippedBackbones(): Promise<string[]> {
  const files = await readdir(SHIPPED).catch(() => []);
  return files
    .filter((file) => extname(file) === ".onnx")
    .map((file) => basename(file, ".onnx"))
    .sort();
}

/** Where the file of a backbone that ships lies. */
export function backbonePath(name: string): string {
  return fileURLToPath(new URL(`${name}.onnx`, SHIPPED));
}
