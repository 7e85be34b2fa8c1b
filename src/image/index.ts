export { type DecodedPicture, type DecodeOptions, decodePicture, readPictureSize } from "./decode.ts";
export { type EncodeOptions, encodePicture, type PictureFormat, savePicture } from "./encode.ts";
export type { Picture, PictureSize, Rgb } from "./picture.ts";
export type { PictureSource } from "./picture-file.ts";
export { writeOutput } from "./write-output.ts";
