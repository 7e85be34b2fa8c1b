export { type LivenessCard, openReadyLivenessNet, readyLivenessNets } from "./convert.ts";
export { type Liveness, LivenessCheck, type LivenessOptions } from "./liveness-check.ts";
