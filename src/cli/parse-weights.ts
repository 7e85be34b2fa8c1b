import { InvalidArgumentError } from "commander";

/** Names with weights, such as `a=1,b=0.5`; a name alone counts 1. */
export function parseWeights(text: string): { name: string; weight: number }[] {
  return text.split(",").map((part) => {
    const at = part.lastIndexOf("=");
    const name = (at < 0 ? part : part.slice(0, at)).trim();
    const weight = at < 0 ? 1 : Number(part.slice(at + 1));
    if (
      name === "" ||
      !(weight >= 0 && Number.isFinite(weight)) ||
      (at >= 0 && part.slice(at + 1).trim() === "")
    ) {
      throw new InvalidArgumentError(
        "Expected names with weights of at least 0, such as stage1.0=1,stage3.0=2.",
      );
    }
    return { name, weight };
  });
}

/** Numbers above 0 with commas between them, such as `2,1`. */
export function parseNumbers(text: string): number[] {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (!numbers.every((value) => value > 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError("Expected numbers above 0 with commas between them, such as 2,1.");
  }
  return numbers;
}
