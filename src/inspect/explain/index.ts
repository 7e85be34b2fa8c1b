export { activationsOf } from "./activations.ts";
export {
  type ExplainMethod,
  type ExplainOptions,
  type Explanation,
  explain,
  explainMethods,
} from "./explain.ts";
export { type GradCam, gradCam } from "./grad-cam.ts";
export {
  type Attribution,
  type IntegratedGradientsOptions,
  integratedGradients,
} from "./integrated-gradients.ts";
export { type OcclusionMap, type OcclusionOptions, occlusionMap } from "./occlusion.ts";
export { type Asked, findTarget, type Target } from "./target.ts";
