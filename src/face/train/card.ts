import type { FaceAlignment } from "../chip.ts";
import type { BinaryHead } from "./binary-head.ts";

/** A binary head with its numbers. */
export interface TrainedHead extends BinaryHead {
  /** One for each comparison. */
  weight: number[];
  bias: number;
  /** Probability from which two faces are best taken for one person's, measured on people whom it had not seen. */
  threshold?: number;
}

/** What an encoder's file says of itself, in its metadata. */
export interface FaceEncoderCard {
  task: "describe";
  /** Name of the net. */
  model: string;
  /** Side in pixels of the faces that it takes. */
  side: number;
  alignment: FaceAlignment;
  /** Length of its encodings. */
  size: number;
  /** Whether encodings have length 1. */
  normalized: boolean;
  /**
   * Distance up to which two faces are best taken for one person's, measured on people whom it had not seen; not where a
   * head was trained to judge.
   */
  threshold?: number;
  /** The binary head that was trained with it: `head.onnx` is made of this. */
  head?: TrainedHead;
  /** Fingerprint of the people that it was trained on. */
  trainedOn: string;
  /** Version of Fovea that made it. */
  version: string;
}

/** What a binary head's file says of itself. */
export interface FaceHeadCard {
  task: "same-person";
  head: TrainedHead;
  /** Length of the encodings that it compares. */
  size: number;
  /** Digest of the encoder whose encodings it knows, as `FaceEncoder` tells it. */
  encoder: string;
  trainedOn: string;
  version: string;
}
