export { DESCRIPTOR_SIZE, faceDescriptor } from "./face-descriptor.ts";
export { LANDMARK_SIZE, landmarkNet } from "./landmarks-68.ts";
export { FaceApiLayers, type Padding, type WindowOptions } from "./layers.ts";
export { readFaceApiWeights } from "./read-weights.ts";
export { type FaceCandidates, SSD_SIZE, ssdMobileNet } from "./ssd-mobilenet.ts";
export { TINY_SIZE, tinyFaceDetector } from "./tiny-face.ts";
