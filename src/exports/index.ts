/**
 * Fovea: computer vision that trains and runs natively in TypeScript.
 * @module
 */
export { FoveaError, packageVersion, Random, type Tensor } from "../core/index.ts";
export * from "../detect/index.ts";
