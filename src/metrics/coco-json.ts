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
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new FoveaError("coco-unreadable", `${path} cannot be read as COCO JSON: ${messageOf(cause)}`, {
      cause,
    });
  }
}
