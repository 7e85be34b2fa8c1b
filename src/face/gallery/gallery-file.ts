import type { EncoderSetup } from "../encoder-model.ts";

/**
 * The file in which galleries travel: JSON Lines, a header and then a line a person.
 *
 * ```
 * {"fovea":"face gallery","version":2,
 *  "encoder":{"name":"face-descriptor","digest":"…","size":128,"mirror":true},"exportedAt":"2025-01-31T12:00:00.000Z","people":2,"faces":3}
 * {"name":"Ada","enrolledAt":"…","metadata":{},"faces":[{"encoding":"…","digest":"…","source":"ada.jpg",
 *  "box":[12,30,98,140],"quality":{},"enrolledAt":"…"}]}
 * ```
 *
 * An encoding is the base64 of its numbers as little-endian 32-bit floats. In a sealed file the header has
 * `"sealed":{"gallery":"…","check":"…"}` and an encoding is the base64 of nonce (12 bytes), tag (16) and AES-256-GCM's
 * ciphertext of those bytes; authenticated with it is the JSON list `["fovea gallery", gallery, name, digest, place]`,
 * with the box's corners rounded and joined by spaces as the place. `check` seals the words "the key of this gallery"
 * with themselves as the only other entry of that list.
 */
export const FILE_VERSION = 2;

/** The first line. */
export interface FileHeader {
  fovea: "face gallery";
  version: number;
  encoder: EncoderSetup;
  /** ISO 8601. */
  exportedAt: string;
  people: number;
  faces: number;
  /** Where encodings are encrypted: the number of the gallery that they are bound to, and the key's check value. */
  sealed?: { gallery: string; check: string };
}

/** Each further line. */
export interface FilePerson {
  name: string;
  enrolledAt: string;
  metadata: Record<string, unknown>;
  faces: FileFace[];
}

/** A face of a person. */
export interface FileFace {
  /** Base64. */
  encoding: string;
  digest: string;
  source?: string;
  box?: [number, number, number, number];
  quality?: object;
  enrolledAt: string;
}
