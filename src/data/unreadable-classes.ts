import { groupBy } from "../core/index.ts";
import { readPictureSize } from "../image/index.ts";
import type { ClassificationDataset, ClassifiedPicture } from "./classified/index.ts";
import type { Problem, SplitName } from "./dataset.ts";
import { mapParallel } from "./parallel.ts";
import { readPictureBytes } from "./picture-bytes.ts";

/**
 * A problem `class-unreadable` for each class of whose pictures in a split none has a header that can be read: nothing is
 * learnt or measured of it. Of each class pictures are looked at until one has.
 */
export async function findUnreadableClasses(
  dataset: ClassificationDataset,
  split: SplitName,
): Promise<Problem[]> {
  if (dataset.kind !== "pictures") return [];
  const { root, classes, splits } = dataset;
  const ofClasses = groupBy(splits[split], ({ classIndex }) => classIndex);
  const problems = await mapParallel(ofClasses, async (pictures): Promise<Problem[]> => {
    for (const picture of pictures) if (await hasHeader(picture)) return [];
    const [first] = pictures;
    const count = pictures.length === 1 ? "The one picture" : `None of the ${pictures.length} pictures`;
    const read = pictures.length === 1 ? "cannot be read" : "can be read";
    const detail = `${count} of class \`${classes[first.classIndex]}\` in ${split} ${read} (\`${first.id}\`): mend or replace it, or take the class away.`;
    return [{ kind: "class-unreadable", file: root, detail }];
  });
  return problems.flat();
}

function hasHeader({ bytes }: ClassifiedPicture): Promise<boolean> {
  return readPictureBytes(bytes)
    .then(readPictureSize)
    .then(
      () => true,
      () => false,
    );
}
