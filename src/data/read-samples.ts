import { FoveaError, messageOf } from "../core/index.ts";
import { type PictureSize, readPictureSize } from "../image/index.ts";
import { checkBox } from "./check-box.ts";
import type { DetectionSample, LabelledBox, Problem } from "./dataset.ts";
import type { AnnotatedPicture } from "./formats/annotations.ts";
import { mapParallel } from "./parallel.ts";
import { alignStatedSize } from "./stated-size.ts";

/**
 * The samples of annotated pictures, in their order, undefined for those that are left out: pictures whose
 * header cannot be read, whose annotation does not fit them, or none of whose boxes is usable (such a picture
 * is not background). What was skipped or mended is added to `problems`, in the same order.
 */
export async function readSamples(
  pictures: readonly AnnotatedPicture[],
  problems: Problem[],
  onProgress?: (done: number, total: number) => void,
): Promise<(DetectionSample | undefined)[]> {
  let done = 0;
  const results = await mapParallel(pictures, async (picture) => {
    const result = await readSample(picture);
    onProgress?.(++done, pictures.length);
    return result;
  });
  for (const result of results) for (const problem of result.problems) problems.push(problem);
  return results.map(({ sample }) => sample);
}

async function readSample(
  picture: AnnotatedPicture,
): Promise<{ sample?: DetectionSample; problems: Problem[] }> {
  let size: PictureSize;
  try {
    size = await readPictureSize(picture.path);
  } catch (error) {
    const missing = error instanceof FoveaError && error.code === "picture-missing";
    const kind = missing ? "picture-missing" : "picture-unreadable";
    return { problems: [{ kind, file: picture.path, detail: messageOf(error) }] };
  }
  const problems: Problem[] = [];
  const { toUpright, areaScale, detail } = await alignStatedSize(picture, size);
  if (detail) problems.push({ kind: "size-mismatch", file: picture.file, detail });
  if (!toUpright) return { problems };

  const boxes: LabelledBox[] = [];
  for (const stated of picture.boxes) {
    const area = stated.area === undefined ? undefined : stated.area * areaScale;
    const checked = checkBox({ ...stated, area }, toUpright(stated.corners), size);
    problems.push(...checked.problems.map((problem) => ({ ...problem, file: picture.file })));
    if (checked.box) boxes.push(checked.box);
  }
  const stated = picture.boxes.length + picture.unreadBoxes;
  if (stated > 0 && boxes.length === 0) {
    const detail = `\`${picture.id}\` has no usable box (of ${stated}), which is not the same as no object: picture skipped.`;
    return { problems: [...problems, { kind: "annotation-unreadable", file: picture.file, detail }] };
  }
  const { id, path } = picture;
  return { sample: { id, path, width: size.width, height: size.height, boxes }, problems };
}
