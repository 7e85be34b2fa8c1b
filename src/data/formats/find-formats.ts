import type { DetectionFormat } from "../dataset.ts";
import { findCoco } from "./coco-sources.ts";
import { findVoc } from "./voc.ts";
import { findYolo } from "./yolo.ts";
import { findNamesList } from "./yolo-names-list.ts";

/** What each format's reader takes, of the formats that a folder has. */
export interface FoundFormats {
  voc?: NonNullable<Awaited<ReturnType<typeof findVoc>>>;
  coco?: Awaited<ReturnType<typeof findCoco>>;
  yolo?: NonNullable<Awaited<ReturnType<typeof findYolo>>>;
}

/**
 * Looks for pictures with boxes in a folder.
 *
 * @param wanted the only format to look for; all by default
 */
export async function findFormats(root: string, wanted?: DetectionFormat): Promise<FoundFormats> {
  const lookFor = async <T>(format: DetectionFormat, find: (root: string) => Promise<T>) =>
    wanted === undefined || wanted === format ? await find(root) : undefined;
  const voc = await lookFor("voc", findVoc);
  const coco = await lookFor("coco", findCoco);
  // A bare list of classes may belong to another format's files: it counts where there is no other.
  const yolo =
    (await lookFor("yolo", findYolo)) ??
    (voc || coco?.length ? undefined : await lookFor("yolo", findNamesList));
  return { ...(voc && { voc }), ...(coco?.length && { coco }), ...(yolo !== undefined && { yolo }) };
}

/** The names of the formats that were found. */
export function formatsOf(found: FoundFormats): DetectionFormat[] {
  return Object.keys(found) as DetectionFormat[];
}
