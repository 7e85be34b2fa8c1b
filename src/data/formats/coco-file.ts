import type { Xywh } from "../../geometry/index.ts";
import { tidyClassName } from "./class-name.ts";

/** The part of a COCO annotation file that object detection needs, with the types it should have. */
export interface CocoFile {
  images: CocoImage[];
  annotations: CocoAnnotation[];
  categories: CocoCategory[];
}

export interface CocoImage {
  id: number | string;
  /** Empty where the file has none. */
  file_name: string;
  /** NaN where the file has none. */
  width: number;
  height: number;
}

export interface CocoAnnotation {
  id: number | string;
  image_id: number | string;
  category_id: number;
  /** NaN where the file has no number. */
  bbox: Xywh;
  /** `bbox` as written, where it is not 4 numbers. */
  written?: string;
  area?: number;
  iscrowd: boolean;
  /** Fovea's addition, so that Pascal VOC's mark survives. */
  difficult: boolean;
}

export interface CocoCategory {
  id: number;
  name: string;
  supercategory?: string;
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

type Fields = Record<string, unknown>;

function toImage(value: unknown): CocoImage {
  const { id, file_name, width, height } = toFields(value);
  return {
    id: toId(id),
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
    id: toId(id),
    image_id: toId(image_id),
    category_id: toNumber(category_id),
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
    id: toNumber(id),
    name: tidyClassName(String(name ?? "")) || String(id),
    ...(typeof supercategory === "string" && { supercategory: tidyClassName(supercategory) }),
  };
}

function toFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function toId(value: unknown): number | string {
  return typeof value === "number" ? value : String(value);
}

/** Numbers, and numbers that some tools write as text or, for flags, as true and false. */
function toNumber(value: unknown): number {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" && value.trim() !== "") return Number(value);
  return typeof value === "number" ? value : Number.NaN;
}
