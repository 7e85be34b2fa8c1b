import { XMLBuilder, XMLParser } from "fast-xml-parser";
import { messageOf } from "../../core/index.ts";
import type { Xyxy } from "../../geometry/index.ts";
import type { Problem } from "../dataset.ts";
import { readText } from "../folder.ts";
import { tidyClassName } from "./class-name.ts";

/** What a Pascal VOC annotation file says. */
export interface VocXml {
  filename?: string;
  size?: { width: number; height: number };
  objects: VocObject[];
}

/** An `<object>` of it. */
export interface VocObject {
  /** Class name; empty where there is none. */
  name: string;
  /** `xmin, ymin, xmax, ymax`; NaN where the file has no number. */
  corners: Xyxy;
  /** The corners as written, where they are not all numbers. */
  written?: string;
  difficult?: boolean;
  /** `<iscrowd>`, Fovea's addition, so that COCO's crowds survive. */
  crowd?: boolean;
}

// Values stay text: "1" and "007" are names of classes, too.
const parser = new XMLParser({ parseTagValue: false, jPath: false, isArray: (name) => name === "object" });
const builder = new XMLBuilder({ format: true, indentBy: "  " });

/** Parses an annotation file, or says why that is impossible. */
export async function parseVocXml(file: string): Promise<VocXml | Problem> {
  try {
    const { annotation } = parser.parse(await readText(file), true);
    if (typeof annotation !== "object") throw new Error("it has no <annotation> with elements");
    const objects: unknown[] = annotation.object ?? [];
    return {
      filename: toText(annotation.filename) || undefined,
      size: toSize(annotation.size),
      objects: objects.map(toObject),
    };
  } catch (error) {
    const detail = `The XML cannot be read (${messageOf(error)}): skipped.`;
    return { kind: "annotation-unreadable", file, detail };
  }
}

/** An annotation file's text. */
export function buildVocXml({ filename, size, objects }: VocXml): string {
  const annotation = {
    filename,
    size: { ...size, depth: 3 },
    segmented: 0,
    object: objects.map(({ name, corners: [xmin, ymin, xmax, ymax], difficult, crowd }) => ({
      name,
      pose: "Unspecified",
      truncated: 0,
      // Tools that do not know <iscrowd> should at least not count the region as a missed object.
      difficult: difficult || crowd ? 1 : 0,
      ...(crowd && { iscrowd: 1 }),
      bndbox: { xmin, ymin, xmax, ymax },
    })),
  };
  return builder.build({ annotation });
}

type Fields = Record<string, unknown>;

function toObject(value: unknown): VocObject {
  const object = toFields(value);
  const box = toFields(object.bndbox);
  const texts = [box.xmin, box.ymin, box.xmax, box.ymax].map(toText);
  const [xmin, ymin, xmax, ymax] = texts.map(toNumber);
  const crowd = toText(object.iscrowd) === "1";
  const difficult = toText(object.difficult) === "1" && !crowd;
  return {
    name: tidyClassName(toText(object.name)),
    corners: [xmin, ymin, xmax, ymax],
    ...(texts.some((text) => Number.isNaN(toNumber(text))) && { written: texts.join(", ") }),
    ...(difficult && { difficult }),
    ...(crowd && { crowd }),
  };
}

/** The stated size; undefined where it is missing or zero, as some tools write it. */
function toSize(value: unknown): VocXml["size"] {
  const { width, height } = toFields(value);
  const size = { width: toNumber(width), height: toNumber(height) };
  return size.width > 0 && size.height > 0 ? size : undefined;
}

function toFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function toText(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}

function toNumber(value: unknown): number {
  const text = toText(value);
  return text === "" ? Number.NaN : Number(text);
}
