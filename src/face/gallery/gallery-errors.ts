import { FoveaError } from "../../core/index.ts";
import type { EncoderSetup } from "../encoder-model.ts";
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

/** An earlier Fovea has written this. */
export function galleryOlder(title: string, version: number): FoveaError {
  return new FoveaError(
    "gallery-older",
    `Gallery \`${title}\` has format ${version}, of an earlier Fovea, which did not note how faces were encoded; enroll the pictures again in a new gallery.`,
  );
}

/**
 * Distances between encodings of two nets say nothing, nor do those between means with mirror images and others.
 * @param title what holds the encodings: a gallery, or a file
 * @throws FoveaError `gallery-other-model` unless they are one net, used in one way
 */
export function requireSameModel(title: string, holds: EncoderSetup, given: EncoderSetup): void {
  if (holds.digest !== given.digest || holds.size !== given.size) {
    throw new FoveaError(
      "gallery-other-model",
      `${title} holds encodings of ${described(holds)}, which cannot be compared with those of ${described(given)}; use the encoder that it was made with, or enroll the pictures again in a new gallery.`,
    );
  }
  if (holds.mirror === given.mirror) return;
  const [held, used] = [holds.mirror, given.mirror].map((is) => (is ? "with" : "without"));
  throw new FoveaError(
    "gallery-other-model",
    `${title} holds faces that were encoded ${held} their mirror images, but these are encoded ${used} them; ${holds.mirror ? "leave out --no-mirror (`mirror: false`)" : "add --no-mirror (`mirror: false`)"}, or enroll the pictures again in a new gallery.`,
  );
}

function described({ name, digest }: EncoderSetup): string {
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
