import type { Xywh } from "../../geometry/index.ts";
import { toFields } from "../json-fields.ts";
import { tidyClassName } from "./class-name.ts";

/** The part of a COCO annotation file that object detection needs, with the types it should have. */
export interface CocoFile {
  images: CocoImage[];
  annotations: CocoAnnotation[];
  categories: CocoCategory[];
}

export interface CocoImage {
  /** As text: some tools write numbers here and text in annotations, or the other way round. */
  id: string;
  /** Empty where the file has none. */
  file_name: string;
  /** NaN where the file has none. */
  width: number;
  height: number;
}

export interface CocoAnnotation {
  id: string;
  image_id: string;
  category_id: CategoryId;
  /** NaN where the file has no number. */
  bbox: Xywh;
  /** `bbox` as written, where it is not 4 numbers. */
  written?: string;
  area?: number;
  iscrowd: boolean;
  /** Fovea's addition, so that Pascal VOC's mark survives. */
  difficult: boolean;
}

/** A whole number, also where the file has it as text, or a name. */
export type CategoryId = number | string;

export interface CocoCategory {
  id: CategoryId;
  name: string;
  supercategory?: string;
}

/** Numbers first, in their order, then names in theirs. */
export function compareCategoryIds(a: CategoryId, b: CategoryId): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}

/** Parses a COCO annotation file; throws what is wrong with it. */
export function parseCocoFile(text: string): CocoFile {
  const content = toFields(JSON.parse(text));
  for (const list of ["images", "annotations", "categories"]) {
    if (!Array.isArray(content[list])) throw new Error(`it has no list \`${list}\``);
  }
  return {
    images: (content.images as unknown[]).map(toImage),
    annotations: (content.annotations as unknown[]).map(toAnnotation),
    categories: (content.categories as unknown[]).map(toCategory),
  };
}

function toImage(value: unknown): CocoImage {
  const { id, file_name, width, height } = toFields(value);
  return {
    id: String(id),
    file_name: typeof file_name === "string" ? file_name.trim() : "",
    width: toNumber(width),
    height: toNumber(height),
  };
}

function toAnnotation(value: unknown): CocoAnnotation {
  const { id, image_id, category_id, bbox, area, iscrowd, difficult } = toFields(value);
  const numbers = Array.isArray(bbox) && bbox.length === 4 ? bbox : [];
  const [x, y, width, height] = [0, 1, 2, 3].map((i) => toNumber(numbers[i]));
  const isBox = [x, y, width, height].every((value) => !Number.isNaN(value));
  return {
    id: String(id),
    image_id: String(image_id),
    category_id: toCategoryId(category_id),
    bbox: [x, y, width, height],
    ...(!isBox && { written: Array.isArray(bbox) ? bbox.join(", ") : String(bbox) }),
    ...(typeof area === "number" && { area }),
    iscrowd: toNumber(iscrowd) === 1,
    difficult: toNumber(difficult) === 1,
  };
}

function toCategory(value: unknown): CocoCategory {
  const { id, name, supercategory } = toFields(value);
  return {
    id: toCategoryId(id),
    name: tidyClassName(String(name ?? "")) || String(id),
    ...(typeof supercategory === "string" && { supercategory: tidyClassName(supercategory) }),
  };
}

function toCategoryId(value: unknown): CategoryId {
  const number = toNumber(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** Numbers, and numbers that some tools write as text or, for flags, as true and false. */
function toNumber(value: unknown): number {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" && value.trim() !== "") return Number(value);
  return typeof value === "number" ? value : Number.NaN;
}
