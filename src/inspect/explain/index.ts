export { activationsOf } from "./activations.ts";
export type { MethodOptions } from "./draw-methods.ts";
export { type ExplainOptions, explain } from "./explain.ts";
export { type ExplainMethod, type Explanation, explainMethods, type MethodFigures } from "./explanation.ts";
export { type GradCam, gradCam } from "./grad-cam.ts";
export {
  type Attribution,
  type IntegratedGradientsOptions,
  integratedGradients,
} from "./integrated-gradients.ts";
export { type OcclusionMap, type OcclusionOptions, occlusionMap } from "./occlusion.ts";
export { type Asked, findTarget, type Target } from "./target.ts";
