import { createHash } from "node:crypto";
import { FoveaError } from "../core/index.ts";
import { decodePicture, type PictureSource, readPictureFile } from "../image/index.ts";
import type { Face, FaceFinder } from "./face-finder.ts";
import { checkedName, type Enrollment, type Gallery } from "./gallery/index.ts";
import { oneFace } from "./one-face.ts";
import { type FaceQuality, faceQuality, type QualityLimits, qualityProblem } from "./quality/index.ts";

/** How to enrol. */
export interface EnrollPictureOptions {
  /** What a picture must reach; default `enrollmentLimits`. `null` takes every face. */
  limits?: QualityLimits | null;
  /** Takes the largest face where a picture shows several. */
  largest?: boolean;
  /** Whatever is to be remembered of the person. */
  metadata?: Readonly<Record<string, unknown>>;
}

/** What {@link enrollPicture} needs of a {@link Gallery}. */
export interface GalleryForEnrollment extends Pick<Gallery, "hasPicture"> {
  identify(
    probe: Float32Array,
    options: { top: number },
  ): Promise<{ matches: readonly { name: string; distance: number }[] }>;
  enroll(enrollment: Enrollment): Promise<{ added: number }>;
}

/** What became of a picture. */
export interface EnrolledPicture {
  /** Whether it is in the gallery now, or was there before. */
  outcome: "enrolled" | "known";
  /** The face's quality, where it was looked at. */
  quality?: FaceQuality;
  /** Another person who was enrolled before and whose face lies nearest: perhaps the same under two names. */
  nearest?: { name: string; distance: number };
}

/**
 * Enrols a person from a picture: one is enough to be known, some more make it surer. A picture by which the person is
 * enrolled already is not looked at again, so that an interrupted enrolment of many goes on where it stopped.
 *
 * @throws FoveaError `name-invalid`, `face-missing`, `faces-ambiguous`, `face-quality`; what decoding and the gallery throw
 */
export async function enrollPicture(
  gallery: GalleryForEnrollment,
  finder: FaceFinder,
  name: string,
  file: string,
  { limits, largest, metadata }: EnrollPictureOptions = {},
): Promise<EnrolledPicture> {
  const known = checkedName(name);
  const digest = await pictureDigest(file);
  if (await gallery.hasPicture(digest, name)) return { outcome: "known" };
  const picture = await decodePicture(file);
  const face = oneFace(await finder.find(picture), file, { largest });
  const quality = faceQuality(picture, face);
  const problem = limits === null ? undefined : qualityProblem(quality, limits);
  if (problem) {
    throw new FoveaError(
      "face-quality",
      `Picture \`${file}\` is not good enough to enrol "${name}" by: ${problem}; or take it as it is (--any-quality).`,
    );
  }
  const nearest = await nearestOther(gallery, face, known);
  const { added } = await gallery.enroll({
    name,
    metadata,
    faces: [
      {
        encoding: face.encoding,
        picture: { digest, source: file },
        box: face.box,
        quality: { ...quality, pose: { ...quality.pose } },
      },
    ],
  });
  return { outcome: added > 0 ? "enrolled" : "known", quality, nearest };
}

/** SHA-256 in hex of a picture's file. @throws `picture-missing`, `picture-unreadable`, `picture-empty` */
export async function pictureDigest(source: PictureSource): Promise<string> {
  return createHash("sha256")
    .update(await readPictureFile(source))
    .digest("hex");
}

/** @param known the name as the gallery has it */
async function nearestOther(
  gallery: GalleryForEnrollment,
  { encoding }: Face,
  known: string,
): Promise<{ name: string; distance: number } | undefined> {
  const { matches } = await gallery.identify(encoding, { top: 2 });
  const other = matches.find(({ name }) => name !== known);
  return other && { name: other.name, distance: other.distance };
}
