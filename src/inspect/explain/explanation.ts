/** Ways to explain an answer. */
export type ExplainMethod = "grad-cam" | "gradients" | "occlusion" | "activations";

export const explainMethods: readonly ExplainMethod[] = ["grad-cam", "gradients", "occlusion", "activations"];

/** What the methods say in figures. */
export interface MethodFigures {
  gradCam?: { layer: string };
  integratedGradients?: { steps: number; baseline: string; baselineValue: number; completenessError: number };
  occlusion?: { side: number; stride: number; largestLoss: number };
  activations?: { layer: string; units: number };
}

/** What an explanation says in figures. */
export interface Explanation extends MethodFigures {
  model: string;
  picture: string;
  target: { name: string; kind: string; value: number; classIndex?: number };
  /** Where each picture lies. */
  files: string[];
  report: string;
}
