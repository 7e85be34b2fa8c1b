import { type Command, Option } from "commander";
import type { ClassificationDataset, ExampleAugment } from "../data/index.ts";
import type { GlobalOptions } from "./options.ts";
import { number } from "./parse.ts";
import { givenOf, noteWithoutEffect } from "./without-effect.ts";

/** How the examples of a classifier's training are varied. */
export interface VariationOptions {
  augment: boolean;
  flip: boolean;
  turn?: number;
  mixup?: number;
}

export function noFlipOption(): Option {
  return new Option(
    "--no-flip",
    "never mirror pictures or volumes: for arrows, letters, left and right sides",
  );
}

export function turnOption(): Option {
  return new Option(
    "--turn <degrees>",
    "turn volumes by so much either way about their vertical axis (default: 180)",
  ).argParser(number(0, 180));
}

/** The changes to the usual variation that were asked for; `null` for none at all. */
export async function variationOf(
  { kind }: ClassificationDataset,
  { augment, flip, turn, mixup }: VariationOptions,
): Promise<ExampleAugment | null> {
  if (!augment) {
    const { unvaried } = await import("../data/index.ts");
    return mixup ? { ...unvaried, mixup } : null;
  }
  const volume = { ...(!flip && { flip: 0 }), ...(turn !== undefined && { turn }) };
  return {
    ...(kind === "pictures" && !flip && { pictures: { flipHorizontal: 0 } }),
    ...(kind === "volumes" && { volume }),
    mixup,
  };
}

/** Says which options mean nothing to data of this kind, or beside others. */
export function noteIdleVariation(
  command: Command,
  { kind }: ClassificationDataset,
  options: VariationOptions & GlobalOptions,
): void {
  const varied: string[] = { pictures: ["flip"], sequences: [], volumes: ["flip", "turn"] }[kind];
  const others = ["flip", "turn"].filter((name) => !varied.includes(name));
  noteWithoutEffect(givenOf(command, others), `on ${kind}`, options);
  if (options.augment) return;
  noteWithoutEffect(givenOf(command, varied), "with --no-augment, which varies nothing", options);
}
