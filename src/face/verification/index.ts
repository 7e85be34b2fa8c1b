export {
  type CalibrateOptions,
  type CalibrationDistances,
  calibrateDistances,
} from "./calibrate-distances.ts";
export {
  type CalibratedThreshold,
  type Calibration,
  type CalibrationPoint,
  falseMatchRateAt,
  leastRate,
  type RateAtDistance,
  thresholdFor,
} from "./calibration.ts";
export { readCalibration, requireCalibrationFor, saveCalibration } from "./calibration-file.ts";
export { clusterEncodings, MOST_CLUSTERED, requireClusterable } from "./cluster.ts";
export { clusterCut } from "./cluster-cut.ts";
export {
  type EncodedPicture,
  type EncodePicturesOptions,
  encodePictures,
  type PictureEncoder,
} from "./encode-pictures.ts";
export {
  countLooks,
  type EvaluatePairsOptions,
  evaluatePairs,
  type JudgedPair,
  picturesOf,
  type VerificationEvaluation,
} from "./evaluate-pairs.ts";
export { verificationFigures } from "./evaluation-figures.ts";
export { coversMiddle, type FaceBox, mainFace } from "./main-face.ts";
export { type Look, type MainFace, MainFaceEncoder, type MainFaceOptions } from "./main-face-encoder.ts";
export { medoidOf } from "./medoid.ts";
export { distancesOfPeople, type PeopleDistances, type PeopleDistancesOptions } from "./people-distances.ts";
export { type PersonPictures, readPairedPeople, readPeopleFolders } from "./people-folders.ts";
export { type FacePair, type PairList, pictureOf, readPairs } from "./read-pairs.ts";
export { readyCalibration } from "./ready-calibration.ts";
export { copyDistance, type PicturePair, samePictures } from "./same-pictures.ts";
export { type VerificationReportOptions, writeVerificationReport } from "./verification-report.ts";
