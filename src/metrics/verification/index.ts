export { evaluateVerification, usualFars, type VerificationFigures } from "./evaluate-verification.ts";
export { type FoldProtocol, stratifiedFolds, type VerificationFold, verifyInFolds } from "./fold-protocol.ts";
export { clopperPearsonInterval, type Interval, wilsonInterval } from "./intervals.ts";
export {
  type BestThreshold,
  bestThreshold,
  type EqualErrorRate,
  equalErrorRate,
  type TarAtFar,
  tarAtFar,
} from "./operating-points.ts";
export {
  areaUnderRoc,
  type DetCurve,
  detCurve,
  type RocCurve,
  type RocPoint,
  rocAt,
  rocCurve,
} from "./roc-curve.ts";
