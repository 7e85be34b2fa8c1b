export { alignFace, CHIP_SIZE } from "./alignment.ts";
export {
  ENCODING_SIZE,
  type EncodeOptions,
  type EncoderOptions,
  encodingDistance,
  FaceEncoder,
  type FacePoints,
  faceChip,
} from "./encoder.ts";
export type { EncoderModel } from "./encoder-model.ts";
export { type Face, FaceFinder, type FaceFinderOptions } from "./face-finder.ts";
