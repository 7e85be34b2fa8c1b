import { extname, resolve } from "node:path";
import { FoveaError } from "../../core/index.ts";
import {
  Backbone,
  backboneTrunks,
  chosenBackbone,
  isAddress,
  NO_BACKBONE,
  openModelFile,
  readCard,
  readyDescribers,
  shippedBackbones,
  trunkNameOf,
  usualBackboneUse,
} from "../../models/index.ts";
import type { EncoderStart, FaceLoss } from "./recipe.ts";

/** What an encoder may start from. */
export interface StartOptions {
  /**
   * "none" learns a small net from nothing; the name of a backbone that ships with Fovea, "coco", or a backbone's file;
   * "face-descriptor", or an encoder's file, whose last layers learn on. Default: "fovea-nano", the backbone that ships;
   * "face-descriptor" where `freeze` or `layers` is given.
   */
  base?: string;
  /** How many of a trained encoder's last convolutions and matrices learn; default 3. */
  layers?: number;
  /** Trains a binary head only, on a trained encoder as it is. */
  freeze?: boolean;
  /** What Σ(w − w₀)² counts in the loss where a trained encoder learns on. */
  stay?: number;
}

/** Convolutions and matrices of a trained encoder that learn on where no number is given: of the ready one, its last block. */
const USUAL_LAYERS = 3;

/** Weighs the loss of triplets, some tenths, against weights that have moved. */
const USUAL_STAY = 1;

/** How last layers learn on: as fast as they are told, or behind a new head, which would spoil them at first. */
const ALONE = { rate: 1, frozenShare: 0 };
const BEHIND_HEAD = { rate: 0.01, frozenShare: 0.1 };

const READY = "face-descriptor";

/**
 * What a user's choice means.
 * @throws FoveaError `base-unknown`, `argument-range`; what opening a file throws
 */
export async function chooseStart(
  { base, layers, freeze = false, stay }: StartOptions,
  loss: FaceLoss,
): Promise<EncoderStart> {
  const isOnTrained = freeze || layers !== undefined;
  const source = base ?? (isOnTrained ? READY : ((await chosenBackbone(undefined)) ?? NO_BACKBONE));
  const start = await startFrom(source, {
    layers: freeze ? 0 : (layers ?? USUAL_LAYERS),
    stay: stay ?? USUAL_STAY,
    ...(loss === "triplet" ? ALONE : BEHIND_HEAD),
  });
  const wrong =
    (freeze &&
      loss === "triplet" &&
      "Nothing is left to learn by triplets where the encoder stays as it is: leave --freeze out, or train a head by --loss binary") ||
    (freeze &&
      start.kind !== "encoder" &&
      `A head alone is trained on an encoder, which "${source}" is not: give --base face-descriptor, or the best.onnx of a \`fovea face train\``) ||
    (layers !== undefined &&
      start.kind !== "encoder" &&
      `Last layers are those of a trained encoder, which "${source}" is not: leave --layers out, or give --base face-descriptor`) ||
    (stay !== undefined &&
      start.kind !== "encoder" &&
      `Only a trained encoder's weights can stay near where they were, and "${source}" is none: leave --stay out, or give --base face-descriptor`) ||
    (stay !== undefined &&
      freeze &&
      "An encoder that is kept as it is stays where it was in any case: leave --stay out, or --freeze") ||
    (layers !== undefined && !freeze && layers < 1 && `\`layers\` (=${layers}) must be at least 1`);
  if (wrong) throw new FoveaError("argument-range", `${wrong}.`);
  return start;
}

async function startFrom(
  source: string,
  use: Omit<Extract<EncoderStart, { kind: "encoder" }>, "kind" | "source">,
): Promise<EncoderStart> {
  if (source === NO_BACKBONE) return { kind: "none" };
  if (readyDescribers.includes(source)) return { kind: "encoder", source, ...use };
  const isFile = extname(source) === ".onnx";
  // A run may be resumed from another folder.
  const whole = isFile && !isAddress(source) ? resolve(source) : source;
  if (isFile && readCard((await openModelFile(source)).model).task === "describe")
    return { kind: "encoder", source: whole, ...use };
  const shipped = await shippedBackbones();
  if (!isFile && ![...shipped, "coco"].includes(source)) {
    throw new FoveaError(
      "base-unknown",
      `Base "${source}" is not known; choose none, ${[...readyDescribers, ...shipped, "coco"].join(", ")}, or give an .onnx file.`,
    );
  }
  const { trunk } = await Backbone.load(source);
  const model = await trunkNameOf(source);
  if (!model) {
    throw new FoveaError(
      "backbone-differs",
      `Backbone \`${source}\` has none of the trunks ${Object.keys(backboneTrunks).join(", ")}, which an encoder may stand on.`,
    );
  }
  return { kind: "backbone", model, use: { ...usualBackboneUse(trunk), source: whole } };
}
