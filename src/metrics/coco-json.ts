import { readFile } from "node:fs/promises";
import { FoveaError, messageOf } from "../core/index.ts";
import type { Xywh } from "../geometry/index.ts";
import type { CocoDetection, CocoGroundTruth, CocoId } from "./coco-types.ts";

/**
 * Reads a COCO instances file: `images`, `categories` and `annotations` with boxes.
 *
 * @throws FoveaError `coco-unreadable`, `coco-invalid`
 */
export async function readCocoGroundTruth(path: string): Promise<CocoGroundTruth> {
  return parseCocoGroundTruth(await readJson(path), path);
}

/**
 * Reads a COCO results file: a list of detections with boxes and scores.
 *
 * @throws FoveaError `coco-unreadable`, `coco-invalid`
 */
export async function readCocoDetections(path: string): Promise<CocoDetection[]> {
  return parseCocoDetections(await readJson(path), path);
}

/**
 * Reads the two files of an evaluation and checks that detections speak of the images and categories of the ground truth;
 * categories that are not listed are left to the evaluation, which passes over them.
 *
 * @throws FoveaError `coco-unreadable`, `coco-invalid`, `coco-image-unknown`, `coco-category-unknown`
 */
export async function readCocoEvaluation(
  truthPath: string,
  detectionsPath: string,
): Promise<{ truth: CocoGroundTruth; detections: CocoDetection[] }> {
  const truth = await readCocoGroundTruth(truthPath);
  const detections = await readCocoDetections(detectionsPath);
  const images = new Set(truth.images);
  const categories = new Set(truth.categories.map(({ id }) => id));
  const check = (items: readonly Pick<CocoDetection, "imageId" | "categoryId">[], place: string) => {
    for (const [i, { imageId, categoryId }] of items.entries()) {
      if (!images.has(imageId)) {
        throw unlisted("coco-image-unknown", `${place}[${i}]: image_id`, imageId, images, truthPath);
      }
      if (!categories.has(categoryId) && categories.has(otherKind(categoryId))) {
        throw unlisted(
          "coco-category-unknown",
          `${place}[${i}]: category_id`,
          categoryId,
          categories,
          truthPath,
        );
      }
    }
  };
  check(truth.annotations, `${truthPath}: annotations`);
  check(detections, detectionsPath);
  return { truth, detections };
}

function unlisted(
  code: string,
  place: string,
  id: CocoId,
  listed: ReadonlySet<CocoId>,
  truthPath: string,
): FoveaError {
  const kinds = typeof id === "string" ? "numbers there, text here" : "text there, numbers here";
  const reason = listed.has(otherKind(id))
    ? `: ids are ${kinds}`
    : "; give the ground truth of the same images";
  return new FoveaError(
    code,
    `${place} is ${JSON.stringify(id)}, which ${truthPath} does not list${reason}.`,
  );
}

/** The same id as text where it is a number, and the other way round. */
function otherKind(id: CocoId): CocoId {
  return typeof id === "number" ? String(id) : Number(id);
}

/**
 * Ground truth from the content of a COCO instances file.
 *
 * @param source name of the content in messages
 * @throws FoveaError `coco-invalid`
 */
export function parseCocoGroundTruth(content: unknown, source = "COCO ground truth"): CocoGroundTruth {
  const root = new Field(content, source);
  return {
    images: root.get("images").list((image) => image.get("id").id()),
    categories: root.get("categories").list((category) => ({
      id: category.get("id").id(),
      name: category.get("name").text(),
    })),
    annotations: root.get("annotations").list((annotation) => ({
      imageId: annotation.get("image_id").id(),
      categoryId: annotation.get("category_id").id(),
      bbox: annotation.get("bbox").xywh(),
      area: annotation.get("area").optional()?.number(),
      iscrowd: Boolean(annotation.get("iscrowd").optional()?.number()),
    })),
  };
}

/**
 * Detections from the content of a COCO results file.
 *
 * @param source name of the content in messages
 * @throws FoveaError `coco-invalid`
 */
export function parseCocoDetections(content: unknown, source = "COCO detections"): CocoDetection[] {
  return new Field(content, source).list((detection) => ({
    imageId: detection.get("image_id").id(),
    categoryId: detection.get("category_id").id(),
    bbox: detection.get("bbox").xywh(),
    score: detection.get("score").number(),
  }));
}

/** A value of a JSON file and where it stands, read as what it should be. */
class Field {
  readonly #value: unknown;
  readonly #place: string;

  constructor(value: unknown, place: string) {
    this.#value = value;
    this.#place = place;
  }

  get(key: string): Field {
    if (typeof this.#value !== "object" || this.#value === null) throw this.#isNot("an object");
    return new Field((this.#value as Record<string, unknown>)[key], `${this.#place}: ${key}`);
  }

  list<T>(read: (item: Field) => T): T[] {
    if (!Array.isArray(this.#value)) throw this.#isNot("a list");
    return this.#value.map((item, i) => read(new Field(item, `${this.#place}[${i}]`)));
  }

  optional(): Field | undefined {
    return this.#value === undefined || this.#value === null ? undefined : this;
  }

  id(): CocoId {
    if (typeof this.#value !== "number" && typeof this.#value !== "string") throw this.#isNot("an id");
    return this.#value;
  }

  text(): string {
    if (typeof this.#value !== "string") throw this.#isNot("a string");
    return this.#value;
  }

  number(): number {
    if (typeof this.#value !== "number") throw this.#isNot("a number");
    return this.#value;
  }

  xywh(): Xywh {
    const value = this.#value;
    if (!Array.isArray(value) || value.length !== 4 || !value.every((side) => typeof side === "number")) {
      throw this.#isNot("a box [x, y, width, height]");
    }
    return [value[0], value[1], value[2], value[3]];
  }

  #isNot(wanted: string): FoveaError {
    const found = JSON.stringify(this.#value)?.slice(0, 60) ?? "nothing";
    return new FoveaError("coco-invalid", `${this.#place} must be ${wanted}, but is ${found}.`);
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse((await readFile(path, "utf8")).replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new FoveaError("coco-unreadable", `${path} ${reasonOf(cause)}.`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") return "does not exist: check the path";
  if (code === "EISDIR") return "is a folder: name the JSON file in it";
  return `cannot be read as COCO JSON: ${messageOf(cause).replace(/\.$/, "")}`;
}
