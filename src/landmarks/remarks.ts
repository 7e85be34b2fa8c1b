import type { PointDataset } from "../data/index.ts";
import { scaleOf, usualNormalizer } from "./evaluate.ts";
import type { PointScheme } from "./point-schemes.ts";
import type { RecipeOptions } from "./recipe.ts";
import { isThere, isWithoutSize } from "./regions.ts";
import { normalizerWords } from "./run-report.ts";

/** What is not as expected in data to train with, one sentence each. */
export function remarksOf(
  { splits: { train, val } }: PointDataset,
  scheme: PointScheme,
  { augment, boxes }: Pick<RecipeOptions, "augment" | "boxes">,
): string[] {
  const remarks: string[] = [];
  if (!scheme.pairs && augment !== null) {
    remarks.push(
      "it is not known which points change places in a mirrored picture, so none is mirrored; `pairs` in points.yaml beside the data says so.",
    );
  }
  const withoutSize = train.filter((sample) => isWithoutSize(sample, boxes)).length;
  if (withoutSize > 0) {
    remarks.push(
      `the points of ${withoutSize} of ${train.length} pictures to train with lie in one spot, which tells no size of the thing: there the whole picture is looked at. Labelled boxes, or a detector's, say where to look.`,
    );
  }
  const things = val.filter(isThere);
  const normalize = usualNormalizer(scheme, val);
  const unmeasured = things.filter((sample) => scaleOf(sample, normalize, scheme) === undefined).length;
  if (val.length > 0 && things.length === 0) {
    remarks.push(
      `none of the ${val.length} pictures to validate with has labelled points: nothing is measured, and the newest net counts as the best.`,
    );
  } else if (unmeasured > 0) {
    remarks.push(
      `${unmeasured} of ${things.length} pictures to validate with are not measured: errors are divided by ${normalizerWords[normalize]}, which they do not have.`,
    );
  }
  return remarks;
}
