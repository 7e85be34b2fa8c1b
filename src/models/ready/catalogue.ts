/** What a ready model is for. */
export type ReadyTask = "detect" | "landmarks" | "describe";

/** A trained net that an npm package ships, and that is made an ONNX file when it is first asked for. */
export interface ReadyModel {
  name: string;
  task: ReadyTask;
  /** What it finds, in a few words. */
  summary: string;
  license: string;
  /** The npm package with its weights, and the files there. */
  source: { package: string; files: readonly string[] };
}

const human = (name: string) => ({
  package: "@vladmandic/human",
  files: [`models/${name}.json`, `models/${name}.bin`],
});

const faceApi = (name: string) => ({
  package: "@vladmandic/face-api",
  files: [`model/${name}_model-weights_manifest.json`, `model/${name}_model.bin`],
});

const models: readonly ReadyModel[] = [
  {
    name: "coco",
    task: "detect",
    summary: "80 everyday things (CenterNet on MobileNetV3, COCO)",
    license: "MIT",
    source: human("centernet"),
  },
  {
    name: "faces",
    task: "detect",
    summary: "faces (SSD on MobileNetV1)",
    license: "MIT",
    source: faceApi("ssd_mobilenetv1"),
  },
  {
    name: "faces-tiny",
    task: "detect",
    summary: "faces, small and fast (tiny YOLOv2)",
    license: "MIT",
    source: faceApi("tiny_face_detector"),
  },
  {
    name: "face-points",
    task: "landmarks",
    summary: "68 points of a face",
    license: "MIT",
    source: faceApi("face_landmark_68"),
  },
  {
    name: "body",
    task: "landmarks",
    summary: "17 joints of a person (MoveNet Lightning)",
    license: "MIT",
    source: human("movenet-lightning"),
  },
  {
    name: "face-descriptor",
    task: "describe",
    summary: "128 numbers of a face, by which faces are told apart (dlib's residual net)",
    license: "MIT",
    source: faceApi("face_recognition"),
  },
];

/** The ready models by name. */
export const readyModels: ReadonlyMap<string, ReadyModel> = new Map(
  models.map((model) => [model.name, model]),
);
