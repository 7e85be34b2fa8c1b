import { FoveaError } from "../../core/index.ts";
import type { Xyxy } from "../../geometry/index.ts";
import { checkEncoding } from "./memory-search.ts";

/** A face to remember. */
export interface EnrolledFace {
  encoding: Float32Array;
  /** The picture that it was found in. */
  picture: {
    /** SHA-256 of the file in hexadecimal. */
    digest: string;
    /** Path or address, for people. */
    source?: string;
  };
  /** Corners in pixels of the picture; tells faces of one picture apart. */
  box?: Xyxy;
  /** How good the face is, by whatever measures; JSON. */
  quality?: object;
  /** When it was enrolled; default now. */
  enrolledAt?: Date;
}

/** Faces of one person. */
export interface Enrollment {
  name: string;
  faces: readonly EnrolledFace[];
  /** Added to what is known of the person; a known key is overwritten. JSON. */
  metadata?: Readonly<Record<string, unknown>>;
  /** When the person was first enrolled; default now. */
  enrolledAt?: Date;
}

const LONGEST_NAME = 300;

/** What PostgreSQL keeps in no text. */
const UNKEPT = /[\0\p{Cs}]/u;

/**
 * Checks what is to be enrolled, before anything is written.
 * @returns the same with the name in Unicode's normal form C: file systems differ in how they write é
 * @throws FoveaError `name-invalid`, `encoding-invalid`, `enrollment-invalid`
 */
export function checkedEnrollment(enrollment: Enrollment, size: number): Enrollment {
  const name = checkedName(enrollment.name);
  if (enrollment.faces.length === 0) throw invalid(name, "has no face", "give at least one");
  for (const { encoding, picture, box } of enrollment.faces) {
    checkEncoding(encoding, size);
    if (!/^[0-9a-f]{64}$/.test(picture.digest)) {
      throw invalid(
        name,
        `has a picture with digest "${picture.digest}"`,
        "give the file's SHA-256 as 64 hexadecimal digits",
      );
    }
    if (box && !(box.length === 4 && box.every(Number.isFinite))) {
      throw invalid(name, `has a face with box [${box}]`, "give the corners [x1, y1, x2, y2]");
    }
  }
  const { metadata, faces } = enrollment;
  JSON.stringify([metadata, faces.map(({ picture, quality }) => [picture.source, quality])], (key, value) => {
    if (!UNKEPT.test(key) && !UNKEPT.test(typeof value === "string" ? value : "")) return value;
    throw invalid(name, "has a text with a NUL character or half a surrogate pair", "remove it");
  });
  return { ...enrollment, name };
}

/**
 * A person's name, in the form in which the gallery has it.
 * @throws FoveaError `name-invalid`
 */
export function checkedName(name: string): string {
  const normal = name.normalize("NFC").trim();
  const problem =
    normal === ""
      ? "is empty"
      : normal.length > LONGEST_NAME
        ? `has ${normal.length} characters, more than ${LONGEST_NAME}`
        : /[\p{Cc}\p{Cs}]/u.test(normal)
          ? "holds control characters"
          : undefined;
  if (problem) {
    throw new FoveaError(
      "name-invalid",
      `Name ${JSON.stringify(normal.slice(0, 40))} ${problem}; choose another.`,
    );
  }
  return normal;
}

/** Where in its picture a face is, as a key: whole pixels, as finding it again may differ in the last digits. */
export function placeOf(box: Xyxy | undefined): string {
  return box ? box.map(Math.round).join(" ") : "";
}

function invalid(name: string, what: string, remedy: string): FoveaError {
  return new FoveaError("enrollment-invalid", `The enrollment of ${name} ${what}; ${remedy}.`);
}
