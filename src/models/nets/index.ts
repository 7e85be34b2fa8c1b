export { type FcnOptions, fcn } from "./fcn.ts";
export { type ClassifierHeadOptions, classifierHead } from "./head.ts";
export { type InceptionTimeOptions, inceptionTime } from "./inception-time.ts";
export { type MobileNetOptions, mobileNet } from "./mobilenet.ts";
export { type ClassifierNet, classifierNets, type NetKind, netFor } from "./registry.ts";
export { type ResNetOptions, type ResNetStem, resNet, resNet18 } from "./resnet.ts";
export { type SeriesResNetOptions, seriesResNet } from "./series-resnet.ts";
export { vgg, vgg11 } from "./vgg.ts";
export { type VoxNetOptions, voxNet } from "./voxnet.ts";
