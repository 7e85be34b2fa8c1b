import type { ColourSpace } from "./colour-spaces.ts";
import type { Similarity } from "./similarity.ts";

/** How many ways to segment and to group are tried: one, 8 or 80. */
export type ProposalMode = "single" | "fast" | "quality";

/** What a mode varies; every combination is one grouping of the picture. */
export interface Diversity {
  readonly spaces: readonly ColourSpace[];
  readonly similarities: readonly (readonly Similarity[])[];
  readonly k: readonly number[];
}

const everything: readonly Similarity[] = ["colour", "texture", "size", "fill"];
const withoutColour: readonly Similarity[] = ["texture", "size", "fill"];

/** The combinations of Uijlings et al. 2013, table 5. */
export const diversities: Readonly<Record<ProposalMode, Diversity>> = {
  single: { spaces: ["hsv"], similarities: [everything], k: [100] },
  fast: { spaces: ["hsv", "lab"], similarities: [everything, withoutColour], k: [50, 100] },
  quality: {
    spaces: ["hsv", "lab", "rgI", "hue", "grey"],
    similarities: [everything, withoutColour, ["fill"], ["size"]],
    k: [50, 100, 150, 300],
  },
};
