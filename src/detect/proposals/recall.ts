import { mean } from "../../core/index.ts";
import { type FlatBoxes, iouMatrix, type Xyxy } from "../../geometry/index.ts";

/** An object, and how well the best proposal covers it. */
export interface CoveredObject {
  classIndex: number;
  /** Corners in pixels. */
  box: Xyxy;
  /** IoU with the proposal that overlaps it most, in [0, 1]; 0 where there is no proposal. */
  overlap: number;
  /** Place of that proposal; −1 where none overlaps. */
  proposal: number;
}

/** How well proposals cover objects of a class. */
export interface ProposalRecall {
  objects: number;
  /** Share of the objects that a proposal covers with IoU ≥ 0.5. */
  recall50: number;
  /** The same with IoU ≥ 0.7. */
  recall70: number;
  /** Average best overlap: the mean of the objects' best IoU (Uijlings et al. 2013, eq. 7). */
  abo: number;
}

/** How well proposals cover the objects of a data set. NaN where there are no objects. */
export interface ProposalEvaluation extends ProposalRecall {
  /** The mean of the classes' average best overlaps. */
  mabo: number;
  /** In the order of the classes; those without objects are left out. */
  perClass: (ProposalRecall & { name: string; classIndex: number })[];
}

/** The proposal that covers each object best. */
export function coverObjects(
  proposals: FlatBoxes,
  objects: readonly { classIndex: number; box: Xyxy }[],
): CoveredObject[] {
  const overlaps = iouMatrix(
    objects.flatMap(({ box }) => [...box]),
    proposals,
  );
  const count = proposals.length / 4;
  return objects.map(({ classIndex, box }, row) => {
    let [overlap, proposal] = [0, -1];
    for (let i = 0; i < count; i++) {
      const found = overlaps[row * count + i];
      if (found > overlap) [overlap, proposal] = [found, i];
    }
    return { classIndex, box, overlap, proposal };
  });
}

/** Recall and average best overlap over the objects of all pictures. */
export function evaluateProposals(
  objects: readonly Pick<CoveredObject, "classIndex" | "overlap">[],
  classes: readonly string[],
): ProposalEvaluation {
  const perClass = classes.flatMap((name, classIndex) => {
    const own = objects.filter((object) => object.classIndex === classIndex);
    return own.length === 0 ? [] : [{ name, classIndex, ...recallOf(own) }];
  });
  return { ...recallOf(objects), mabo: mean(perClass.map(({ abo }) => abo)), perClass };
}

function recallOf(objects: readonly { overlap: number }[]): ProposalRecall {
  const share = (threshold: number) => mean(objects.map(({ overlap }) => (overlap >= threshold ? 1 : 0)));
  return {
    objects: objects.length,
    recall50: share(0.5),
    recall70: share(0.7),
    abo: mean(objects.map(({ overlap }) => overlap)),
  };
}
