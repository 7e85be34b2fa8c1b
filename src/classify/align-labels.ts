import { FoveaError } from "../core/index.ts";

/**
 * Labelled examples with the class indices of a model instead of their data set's: classes are matched by name,
 * because a part of a data set may lack some of them or list them in another order.
 *
 * @param data what a message calls the data set
 * @throws FoveaError `classes-differ` if a labelled class is none of the model's
 */
export function alignLabels<E extends { classIndex: number }>(
  examples: readonly E[],
  dataClasses: readonly string[],
  modelClasses: readonly string[],
  data = "The data set",
): E[] {
  const modelIndex = dataClasses.map((name) => modelClasses.indexOf(name));
  const foreign = examples.filter(({ classIndex }) => !(modelIndex[classIndex] >= 0));
  if (foreign.length === 0) {
    return examples.map((example) => ({ ...example, classIndex: modelIndex[example.classIndex] }));
  }
  const names = [...new Set(foreign.map(({ classIndex }) => dataClasses[classIndex] ?? `${classIndex}`))];
  const [count, all] = [foreign.length, examples.length];
  throw new FoveaError(
    "classes-differ",
    `${data} has ${count} of ${all} examples in classes that the model does not know (${listed(names)}; it knows ${listed(modelClasses)}): leave them out, or train with them.`,
  );
}

/** Names in a sentence; of very many only the first. */
function listed(names: readonly string[], most = 20): string {
  const quoted = names.slice(0, most).map((name) => `"${name}"`);
  if (names.length <= most) return quoted.join(", ");
  return `${quoted.join(", ")} and ${names.length - most} more`;
}
