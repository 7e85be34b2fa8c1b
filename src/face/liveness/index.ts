export { type LivenessCard, openReadyLivenessNet } from "./convert.ts";
export { type Liveness, LivenessCheck, type LivenessOptions } from "./liveness-check.ts";
