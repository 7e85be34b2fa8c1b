export { alignFace, CHIP_SIZE } from "./alignment.ts";
export type { FaceAlignment } from "./chip.ts";
export { detectFaces } from "./detect-faces.ts";
export {
  type EncodeOptions,
  type EncoderOptions,
  encodingDistance,
  FaceEncoder,
  type FacePoints,
  faceChip,
} from "./encoder.ts";
export { ENCODING_SIZE } from "./encoder-file.ts";
export type { EncoderModel, EncoderSetup } from "./encoder-model.ts";
export {
  type EnrolledPicture,
  type EnrollPictureOptions,
  enrollPicture,
  type GalleryForEnrollment,
  pictureDigest,
} from "./enrollment.ts";
export { type Face, FaceFinder, type FaceFinderOptions } from "./face-finder.ts";
export * from "./gallery/index.ts";
export {
  type IdentificationThreshold,
  type IdentifiedFace,
  identificationThreshold,
  identifyFaces,
  pairRate,
} from "./identification.ts";
export * from "./liveness/index.ts";
export { oneFace } from "./one-face.ts";
export * from "./quality/index.ts";
export * from "./train/index.ts";
export * from "./verification/index.ts";
