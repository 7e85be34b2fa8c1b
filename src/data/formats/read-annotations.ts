import { FoveaError } from "../../core/index.ts";
import type { DetectionFormat } from "../dataset.ts";
import type { Annotations } from "./annotations.ts";
import { readCoco } from "./coco.ts";
import { COCO_EVIDENCE } from "./coco-sources.ts";
import { findFormats, formatsOf } from "./find-formats.ts";
import { readVoc, VOC_EVIDENCE } from "./voc.ts";
import { readYolo, YOLO_EVIDENCE } from "./yolo.ts";

/** What the formats are called in messages, and what is looked for to recognise them. */
const FORMATS: Record<DetectionFormat, { title: string; evidence: string }> = {
  voc: { title: "Pascal VOC", evidence: VOC_EVIDENCE },
  coco: { title: "COCO", evidence: COCO_EVIDENCE },
  yolo: { title: "YOLO", evidence: YOLO_EVIDENCE },
};

/**
 * Reads a folder's annotations, in the format given or else in the one that the folder has.
 *
 * @throws `dataset-format` where there is none, or more than one and none was given
 */
export async function readAnnotations(
  root: string,
  wanted: DetectionFormat | undefined,
): Promise<{ format: DetectionFormat; annotations: Annotations }> {
  const found = await findFormats(root, wanted);
  const names = formatsOf(found);
  if (names.length > 1) {
    const titles = names.map((format) => FORMATS[format].title).join(" and ");
    throw new FoveaError(
      "dataset-format",
      `\`${root}\` has annotations of ${titles}: say which to read with \`--format ${names.join("|")}\`.`,
    );
  }
  const { voc, coco, yolo } = found;
  if (voc) return { format: "voc", annotations: await readVoc(root, voc) };
  if (coco) return { format: "coco", annotations: await readCoco(root, coco) };
  if (yolo) return { format: "yolo", annotations: await readYolo(yolo) };

  const formats = wanted ? [FORMATS[wanted]] : Object.values(FORMATS);
  const sought = formats.map(({ title, evidence }) => `${evidence} (${title})`).join("; ");
  const remedy = wanted ? "name another folder or `--format`" : "name the folder that has one of them";
  throw new FoveaError("dataset-format", `No data set in \`${root}\`: looked for ${sought}; ${remedy}.`);
}
