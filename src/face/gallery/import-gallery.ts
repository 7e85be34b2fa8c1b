import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { FoveaError, messageOf } from "../../core/index.ts";
import { type EncoderSetup, isEncoderSetup } from "../encoder-model.ts";
import { boundTo, encodingOfBytes } from "./encoding-column.ts";
import { type Enrollment, placeOf } from "./enrollment.ts";
import { galleryNewer, galleryOlder, requireSameModel } from "./gallery-errors.ts";
import { FILE_VERSION, type FileFace, type FileHeader, type FilePerson } from "./gallery-file.ts";
import { type GalleryKey, Seal } from "./sealing.ts";

/**
 * Reads the people of a gallery's file, one at a time.
 * @param key opens a sealed file
 * @throws FoveaError `gallery-file-unreadable`, `gallery-other-model`, `gallery-newer`, `gallery-older`, `gallery-key-missing`,
 * `gallery-key-wrong`; `gallery-file-truncated` after the last person of a file that is not whole
 */
export async function* readGalleryFile(
  path: string,
  encoder: EncoderSetup,
  key: GalleryKey | undefined,
): AsyncGenerator<Enrollment> {
  let header: FileHeader | undefined;
  let seal: Seal | undefined;
  let [people, line] = [0, 0];
  for await (const text of linesOf(path)) {
    line++;
    if (!header) {
      header = parsedHeader(text, path);
      requireSameModel(`File \`${path}\``, header.encoder, encoder);
      seal = sealOf(header, path, key);
    } else {
      yield enrollmentOf(text, path, line, seal);
      people++;
    }
  }
  if (!header) throw unreadable(path, 1, "it is empty");
  if (people < header.people) {
    throw new FoveaError(
      "gallery-file-truncated",
      `File \`${path}\` ends after ${people} of ${header.people} people, who were imported; get the whole file and import it again.`,
    );
  }
}

/**
 * Whose encodings a gallery's file holds: what a new gallery has to be made for to import it.
 * @throws FoveaError `gallery-file-unreadable`, `gallery-newer`, `gallery-older`
 */
export async function encoderOfExport(path: string): Promise<EncoderSetup> {
  return (await headerOf(path)).encoder;
}

/**
 * Whether the encodings of a gallery's file are encrypted.
 * @throws FoveaError `gallery-file-unreadable`, `gallery-newer`, `gallery-older`
 */
export async function isSealedExport(path: string): Promise<boolean> {
  return (await headerOf(path)).sealed !== undefined;
}

/**
 * Refuses a key that does not open a gallery's file, before anything is made for it; a plain file needs none.
 * @throws FoveaError `gallery-key-missing`, `gallery-key-wrong`, `gallery-file-unreadable`, `gallery-newer`, `gallery-older`
 */
export async function requireKeyOfExport(path: string, key: GalleryKey | undefined): Promise<void> {
  sealOf(await headerOf(path), path, key);
}

async function headerOf(path: string): Promise<FileHeader> {
  for await (const text of linesOf(path)) return parsedHeader(text, path);
  throw unreadable(path, 1, "it is empty");
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  } catch (cause) {
    if (!(cause as NodeJS.ErrnoException).syscall) throw cause;
    throw new FoveaError(
      "gallery-file-unreadable",
      `File \`${path}\` cannot be read: ${messageOf(cause)}; name a file that \`exportTo\` wrote.`,
      { cause },
    );
  }
}

function parsedHeader(text: string, path: string): FileHeader {
  let header: Partial<FileHeader>;
  try {
    header = JSON.parse(text);
  } catch {
    throw unreadable(path, 1, "it is no JSON");
  }
  const { fovea, version, encoder, people, sealed } = header ?? {};
  if (fovea !== "face gallery" || !isCount(version)) throw unreadable(path, 1, "it is no gallery's header");
  if (version > FILE_VERSION) throw galleryNewer(path, version);
  if (version < FILE_VERSION) throw galleryOlder(path, version);
  if (!isEncoderSetup(encoder)) throw unreadable(path, 1, "it does not say whose encodings follow");
  if (!isCount(people)) throw unreadable(path, 1, "it does not say how many people follow");
  if (sealed !== undefined && !isSealing(sealed))
    throw unreadable(path, 1, "it lacks what its key is known by");
  return header as FileHeader;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isSealing(value: unknown): value is FileHeader["sealed"] {
  const { gallery, check } = (value ?? {}) as Record<string, unknown>;
  return typeof gallery === "string" && typeof check === "string";
}

function sealOf({ sealed }: FileHeader, path: string, key: GalleryKey | undefined): Seal | undefined {
  if (!sealed) return undefined;
  if (!key) {
    throw new FoveaError(
      "gallery-key-missing",
      `The encodings in \`${path}\` are encrypted; give the key of the gallery that it was exported from.`,
    );
  }
  const seal = new Seal(key, sealed.gallery);
  if (seal.passes(Buffer.from(sealed.check, "base64"))) return seal;
  throw new FoveaError(
    "gallery-key-wrong",
    `The key does not open \`${path}\`; give the key that the gallery had when it was exported.`,
  );
}

function enrollmentOf(text: string, path: string, line: number, seal: Seal | undefined): Enrollment {
  try {
    const { name, enrolledAt, metadata, faces } = JSON.parse(text) as FilePerson;
    if (typeof name !== "string") throw new Error("it names nobody");
    return {
      name,
      enrolledAt: dateOf(enrolledAt),
      metadata,
      faces: faces.map((face) => ({
        encoding: encodingOf(face, name, seal),
        picture: { digest: face.digest, source: face.source },
        box: face.box,
        quality: face.quality,
        enrolledAt: dateOf(face.enrolledAt),
      })),
    };
  } catch (cause) {
    throw unreadable(path, line, messageOf(cause), cause);
  }
}

function encodingOf({ encoding, digest, box }: FileFace, name: string, seal: Seal | undefined): Float32Array {
  const bytes = Buffer.from(encoding, "base64");
  const plain = seal ? seal.open(bytes, boundTo({ name, digest, place: placeOf(box) })) : bytes;
  if (!plain) throw new Error("an encoding is not what was sealed");
  return encodingOfBytes(plain);
}

function dateOf(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new Error(`"${text}" is no date`);
  return date;
}

function unreadable(path: string, line: number, why: string, cause?: unknown): FoveaError {
  return new FoveaError(
    "gallery-file-unreadable",
    `Line ${line} of \`${path}\` cannot be read: ${why}; name a file that \`exportTo\` wrote.`,
    { cause },
  );
}
