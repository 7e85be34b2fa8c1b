import { FoveaError } from "../core/index.ts";

/**
 * Labelled examples with the class indices of a model instead of their data set's: classes are matched by name,
 * because a part of a data set may lack some of them or list them in another order.
 *
 * @throws FoveaError `classes-differ` if a labelled class is none of the model's
 */
export function alignLabels<E extends { classIndex: number }>(
  examples: readonly E[],
  dataClasses: readonly string[],
  modelClasses: readonly string[],
): E[] {
  const modelIndex = dataClasses.map((name) => modelClasses.indexOf(name));
  return examples.map((example) => {
    const classIndex = modelIndex[example.classIndex];
    if (classIndex >= 0) return { ...example, classIndex };
    throw new FoveaError(
      "classes-differ",
      `The data set has the class "${dataClasses[example.classIndex]}", but the model knows only ${listed(modelClasses)}.`,
    );
  });
}

/** Names in a sentence; of very many only the first. */
function listed(names: readonly string[], most = 20): string {
  if (names.length <= most) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}
