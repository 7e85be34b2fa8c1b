/** What a ready model is for. */
export type ReadyTask = "detect" | "landmarks" | "describe" | "liveness";

/** A trained net that an npm package ships, and that is made an ONNX file when it is first asked for. */
export interface ReadyModel {
  name: string;
  task: ReadyTask;
  /** What it finds, in a few words. */
  summary: string;
  license: string;
  /** The npm package with its weights, the files there, and the SHA-256 of these, one after the other. */
  source: { package: string; files: readonly string[]; sha256: string };
}

/** Of version 3.3.6. */
const human = (name: string, sha256: string): ReadyModel["source"] => ({
  package: "@vladmandic/human",
  files: [`models/${name}.json`, `models/${name}.bin`],
  sha256,
});

/** Of version 1.7.15. */
const faceApi = (name: string, sha256: string): ReadyModel["source"] => ({
  package: "@vladmandic/face-api",
  files: [`model/${name}_model-weights_manifest.json`, `model/${name}_model.bin`],
  sha256,
});

const models: readonly ReadyModel[] = [
  {
    name: "coco",
    task: "detect",
    summary: "80 everyday things (CenterNet on MobileNetV3, COCO)",
    license: "MIT",
    source: human("centernet", "d82f7efbe2194b1638ba372759077a9f6d926aadec6a693f4af0af65e99f50a1"),
  },
  {
    name: "faces",
    task: "detect",
    summary: "faces (SSD on MobileNetV1)",
    license: "MIT",
    source: faceApi("ssd_mobilenetv1", "44030ca4ed905f54fea7a800a6df242907e5ab381e560130f1fde537663e5f6c"),
  },
  {
    name: "faces-tiny",
    task: "detect",
    summary: "faces, small and fast (tiny YOLOv2)",
    license: "MIT",
    source: faceApi("tiny_face_detector", "b904a79965e543aa19afb143ed0d2cc4925b66a4e9428a8a4d774205a6c51cea"),
  },
  {
    name: "face-points",
    task: "landmarks",
    summary: "68 points of a face",
    license: "MIT",
    source: faceApi("face_landmark_68", "4c704c0213b9f181aa16901ff0ecb64893884a05065cb512aa4ef6b42348ca41"),
  },
  {
    name: "body",
    task: "landmarks",
    summary: "17 joints of a person (MoveNet Lightning)",
    license: "MIT",
    source: human("movenet-lightning", "820996ebc95ec0aaab828ebb34ab525328cbbe8a242e9db9f65eaa8fe893424f"),
  },
  {
    name: "face-descriptor",
    task: "describe",
    summary: "128 numbers of a face, by which faces are told apart (dlib's residual net)",
    license: "MIT",
    source: faceApi("face_recognition", "c2cf51e45a1f96cf2ba75d6b588dc259d7f602a813ff6efbeba4884d7359fad1"),
  },
  {
    name: "antispoof",
    task: "liveness",
    summary: "whether a face is a photograph of a photograph; weak",
    license: "MIT",
    source: human("antispoof", "ed5826d70a3c8f1ec4fb0eed3b1d06ef5dfcbc92efb4ef8462b4f731d43d6f27"),
  },
  {
    name: "liveness",
    task: "liveness",
    summary: "whether a face is a living one; weak",
    license: "MIT",
    source: human("liveness", "982be2b0399cffcc68de64e7b079966b166a961fe9af07a1cb4903af18beb0bb"),
  },
];

/** The ready models by name. */
export const readyModels: ReadonlyMap<string, ReadyModel> = new Map(
  models.map((model) => [model.name, model]),
);
