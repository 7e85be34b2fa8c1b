import type { AugmentOptions } from "../../data/index.ts";
import type { BackboneUse } from "../../models/index.ts";
import type { FaceAlignment } from "../chip.ts";
import type { BinaryHead } from "./binary-head.ts";
import type { MiningName } from "./mining/index.ts";

/** What an encoder is trained by. */
export type FaceLoss = "triplet" | "binary" | "binary-chi2";

/** What an encoder starts from. */
export type EncoderStart =
  /** A small residual net that learns from nothing. */
  | { kind: "none" }
  /** A trained trunk with a new head. */
  | { kind: "backbone"; model: string; use: BackboneUse }
  /** A trained encoder, whose last layers learn on; none of them where only a binary head is trained. */
  | {
      kind: "encoder";
      /** Its name, or its file's whole path. */
      source: string;
      /** Of its bytes, by which a resumed run knows it again; missing in runs of older versions. */
      digest?: string;
      /** How many of the last convolutions and matrices learn at least. */
      layers: number;
      /** What Σ(w − w₀)² counts in the loss. */
      stay: number;
      /** Factor on their learning rate: below 1 where a new head learns beside them. */
      rate: number;
      /** Share of the training, at its beginning, in which only a new head learns. */
      frozenShare: number;
    };

/** Everything that decides how an encoder is trained; written beside the results. */
export interface FaceRecipe {
  loss: FaceLoss;
  /** How triplets are chosen, and by how much negatives shall be farther; triplet loss only. */
  mining: MiningName;
  margin: number;
  /** People in a batch, and pictures of each. */
  people: number;
  pictures: number;
  start: EncoderStart;
  /** Length of the encodings. */
  size: number;
  /** Whether encodings have length 1. */
  normalized: boolean;
  /** The binary head; binary losses only. */
  head?: BinaryHead;
  /** Side of the input in pixels. */
  side: number;
  /** Whether colours are left out. */
  grey: boolean;
  alignment: FaceAlignment;
  augment: AugmentOptions | null;
  /** Who is kept apart to measure by: another folder's people, or a share of all. */
  held: { folder?: string; share: number };
  seed: number;
  learningRate: number;
  weightDecay: number;
  warmUpSteps: number;
  averageDecay: number;
  clipNorm: number;
}
