import type { Optimizer } from "../../nn/index.ts";
import { TrainingStep } from "../../train/index.ts";
import type { CostPlan, MeasuredStatistics } from "../optimize/index.ts";
import { batchCost } from "./batch-cost.ts";
import { TRANSFORMER } from "./export.ts";
import type { PainterRecipe } from "./recipe.ts";
import { SHIFT_SHAPE, shifted } from "./shift.ts";
import { transformer } from "./transformer.ts";

/**
 * The step that a painter learns by. It is fed `pictures` and `shown`, what is painted of them shall show, `[N, 3, size,
 * size]` in 0…1, and a `shift`, by which features are compared at another place of their grid each time.
 *
 * @param targets the style's statistics by layer
 */
export function compileStep(
  plan: CostPlan,
  recipe: PainterRecipe,
  targets: ReadonlyMap<string, MeasuredStatistics>,
  optimizer: Optimizer,
): Promise<TrainingStep> {
  const { batchSize, size, width, lightWeight } = recipe;
  return TrainingStep.compile(
    (scope) => {
      const pictures = scope.graph.input("pictures", [batchSize, 3, size, size]);
      const content = scope.graph.input("shown", [batchSize, 3, size, size]);
      const shift = scope.graph.input("shift", SHIFT_SHAPE);
      const painted = shifted(transformer(scope.at(TRANSFORMER), pictures, width), shift);
      const wanted = shifted(content, shift);
      const { cost, ...parts } = batchCost(plan, painted, wanted, targets, lightWeight);
      return { loss: cost, reports: parts };
    },
    { ...recipe, optimizer, ...plan.device },
  );
}
