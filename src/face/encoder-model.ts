import { createHash } from "node:crypto";
import { ALIGNMENT_VERSION } from "./alignment.ts";
import type { FaceAlignment } from "./chip.ts";

/**
 * Which net made an encoding. Encodings of two nets lie in different spaces: their distances say nothing, so whoever
 * stores encodings stores this beside them.
 */
export interface EncoderModel {
  /** What people call it. */
  name: string;
  /** SHA-256 in hex of the net and of how faces are cut out for it ({@link encoderDigest}); equal for equal encodings. */
  digest: string;
  /** Length of its encodings. */
  size: number;
}

/** A net as it is used: means with mirror images lie elsewhere than encodings of faces alone. */
export interface EncoderSetup extends EncoderModel {
  /** Whether encodings are means with those of mirror images. */
  mirror: boolean;
}

/**
 * The digest of an encoder. Where it aligns faces itself, another way to align them makes other encodings.
 * @param net SHA-256 in hex of its file, or of its weights where they are what stays
 */
export function encoderDigest(net: string, alignment: FaceAlignment): string {
  if (alignment === "none") return net;
  return createHash("sha256").update(`${net} ${alignment} ${ALIGNMENT_VERSION}`).digest("hex");
}

/** Whether what was read from a file says of a net what is needed to know it again. */
export function isEncoderModel(value: unknown): value is EncoderModel {
  const { name, digest, size } = (value ?? {}) as Partial<EncoderModel>;
  return (
    typeof name === "string" && typeof digest === "string" && Number.isSafeInteger(size) && Number(size) >= 1
  );
}

/** The same of a net as it is used. */
export function isEncoderSetup(value: unknown): value is EncoderSetup {
  return isEncoderModel(value) && typeof (value as Partial<EncoderSetup>).mirror === "boolean";
}
