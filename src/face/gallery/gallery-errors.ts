import { FoveaError } from "../../core/index.ts";
import type { EncoderModel } from "../encoder-model.ts";
import type { GalleryState } from "./tables.ts";

/** There is no gallery here. */
export function galleryMissing(title: string): FoveaError {
  return new FoveaError(
    "gallery-missing",
    `There is no gallery at \`${title}\`; make one with \`fovea face enroll NAME PICTURES… --gallery ${title}\`.`,
  );
}

/** A later Fovea has written this. */
export function galleryNewer(title: string, version: number): FoveaError {
  return new FoveaError(
    "gallery-newer",
    `Gallery \`${title}\` has format ${version}, of a newer Fovea than this one; update Fovea to open it.`,
  );
}

/**
 * Distances between encodings of two nets say nothing.
 * @param title what holds the encodings: a gallery, or a file
 * @throws FoveaError `gallery-other-model` unless they are one net
 */
export function requireSameModel(title: string, holds: EncoderModel, given: EncoderModel): void {
  if (holds.digest === given.digest && holds.size === given.size) return;
  throw new FoveaError(
    "gallery-other-model",
    `${title} holds encodings of ${described(holds)}, which cannot be compared with those of ${described(given)}; use the encoder that it was made with, or enroll the pictures again in a new gallery.`,
  );
}

function described({ name, digest }: EncoderModel): string {
  return `\`${name}\` (${digest.slice(0, 12)})`;
}

/** Whoever encrypts and this process no longer have the same key. */
export function requireKeyVersion(title: string, state: GalleryState, version: number | undefined): void {
  if (state.keyVersion === version) return;
  throw new FoveaError(
    "gallery-key-wrong",
    `The key of gallery \`${title}\` was changed by another process; open the gallery again with the new key.`,
  );
}
