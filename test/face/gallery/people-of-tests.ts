import { createHash } from "node:crypto";
import { type EnrolledFace, GalleryKey } from "../../../src/face/gallery/index.ts";

/** Who is said to make the encodings of these tests. */
export const encoder = { name: "test-encoder", digest: "e".repeat(64), size: 128, mirror: true };

/** A key of tests. */
export const key: GalleryKey = GalleryKey.fromText("0123456789abcdef".repeat(4));

/** The digest of a picture that is nothing but its name. */
export function digestOf(picture: string): string {
  return createHash("sha256").update(picture).digest("hex");
}

/** Faces of pictures that are nothing but their names. */
export function facesOf(encodings: readonly Float32Array[], pictures: string): EnrolledFace[] {
  return encodings.map((encoding, i) => ({
    encoding,
    picture: { digest: digestOf(`${pictures} ${i}`), source: `${pictures}/${i}.jpg` },
  }));
}
