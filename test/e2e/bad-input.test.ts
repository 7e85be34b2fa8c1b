import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeModel, Graph, relu } from "../../src/graph/index.ts";
import { cardToMetadata } from "../../src/models/index.ts";
import { writePictures } from "../classify/tiny-sets.ts";
import { fovea, HOOK_TIMEOUT_MS } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** A command line that cannot work, its exit code, and what the one sentence must name. */
type BadInput = [line: string, code: 1 | 2, named: string[]];

const usageErrors: BadInput[] = [
  ["frobnicate", 2, ["unknown command 'frobnicate'"]],
  ["dtect a.jpg", 2, ["'dtect'", "Did you mean detect?"]],
  ["--fast", 2, ["unknown option '--fast'"]],

  ["data check", 2, ["missing required argument 'dir'"]],
  ["data chekc scenes", 2, ["'chekc'", "Did you mean check?"]],
  ["data check scenes extra", 2, ["too many arguments"]],
  ["data check scenes --formt voc", 2, ["'--formt'", "Did you mean --format?"]],
  ["data check scenes --format pascal", 2, ["--format", "'pascal'", "voc, coco, yolo"]],
  ["data check scenes --out --json", 2, ["--out", "'--json'"]],
  ["data convert scenes out", 2, ["--to"]],
  ["data convert scenes out --to xml", 2, ["--to", "'xml'"]],
  ["data scenes new --count 0", 2, ["--count", "'0'", "at least 1|from 1"]],
  ["data scenes new --count many", 2, ["--count", "'many'"]],
  ["data scenes new --seed -3", 2, ["--seed", "'-3'"]],
  ["data scenes new --size 320x", 2, ["--size", "'320x'"]],
  ["data scenes new --count 2 --size 16x16", 2, ["--size", "'16x16'", "64 to 8192"]],
  ["data scenes new --val 2", 2, ["--val", "'2'"]],

  ["metrics coco truth.json", 2, ["missing required argument 'detections'"]],
  ["metrics voc gts dets --iou 1.5", 2, ["--iou", "'1.5'", "from 0 to 1"]],
  ["metrics voc gts dets --boxes corners", 2, ["--boxes", "'corners'"]],

  ["detect", 2, ["missing required argument 'files'"]],
  ["detect note.txt --model m.onnx --score high", 2, ["--score", "'high'"]],
  ["detect note.txt --model m.onnx --threads 0", 2, ["--threads", "'0'"]],
  ["detect note.txt --model m.onnx --device tpu", 2, ["--device", "'tpu'", "cpu, webgpu, cuda"]],
  ["detect --json train scenes --out run", 2, ["'--json'", "'train'"]],
  ["detect trian scenes --out run --epochs 3", 2, ["`trian`", "did you mean `fovea detect train`?"]],
  ["detect -", 2, ["stdin is not read"]],
  ["detect train scenes", 2, ["--out"]],
  ["detect train scenes --out run --model large", 2, ["--model", "'large'", "nano, small, mobile, textbook"]],
  ["detect train scenes --out run --size 300", 2, ["--size", "'300'", "multiples of 32"]],
  ["detect train scenes --out run --epochs 0", 2, ["--epochs", "'0'"]],
  ["detect train scenes --out run --time 3", 2, ["--time", "'3'", "30m"]],
  ["detect train scenes --out run --time 3m --epochs 2", 2, ["--time", "--epochs"]],
  ["detect train scenes --out run --batch -1", 2, ["--batch", "'-1'"]],
  ["detect train scenes --out run --lr fast", 2, ["--lr", "'fast'"]],
  ["detect eval note.txt", 2, ["missing required argument 'data'"]],
  ["detect eval note.txt scenes --split dev", 2, ["--split", "'dev'", "train, val, test"]],
  ["detect anchors scenes -k 0", 2, ["-k", "'0'"]],
  ["detect anchors scenes -k 2.5", 2, ["-k", "'2.5'"]],
  ["detect proposals", 2, ["'files'", "--data"]],
  ["detect proposals note.txt --mode best", 2, ["--mode", "'best'", "single, fast, quality"]],
  ["detect proposals note.txt --most 0", 2, ["--most", "'0'"]],
  ["landmarks --json train faces --out run", 2, ["'--json'", "'train'"]],
  ["landmarks train faces", 2, ["--out"]],
  ["landmarks train faces --out run --head dense", 2, ["--head", "'dense'", "heatmap, regression"]],
  ["landmarks train faces --out run --origin -1", 2, ["--origin", "'-1'", "from 0 to 2"]],
  ["landmarks eval face-points", 2, ["missing required argument 'data'"]],
  [
    "landmarks eval face-points faces --normalize eyes",
    2,
    ["--normalize", "'eyes'", "interocular, box, diagonal"],
  ],
  ["landmarks eval face-points faces --whole --detector faces", 2, ["--whole", "--detector"]],
  ["classify", 2, ["missing required argument 'files'"]],
  ["classify note.txt", 2, ["--model", "'note.txt'"]],
  ["classify note.txt --model m.onnx --top 0", 2, ["--top", "'0'"]],
  ["classify --json train waves.tsv --out run", 2, ["'--json'", "'train'"]],
  ["classify train waves.tsv", 2, ["--out"]],
  ["classify train shapes --out run --size 48", 2, ["--size", "'48'", "multiples of 32"]],
  ["classify train waves.tsv --out run --epochs 0", 2, ["--epochs", "'0'"]],
  ["classify train waves.tsv --out run --time 3m --epochs 2", 2, ["--time", "--epochs"]],
  ["classify train waves.tsv --out run --folds 1", 2, ["--folds", "'1'"]],
  ["classify train waves.tsv --out run --val-fraction 1", 2, ["--val-fraction", "'1'"]],
  ["classify train waves.tsv --out run --mixup -1", 2, ["--mixup", "'-1'"]],
  ["classify train waves.tsv --out run --channels 0", 2, ["--channels", "'0'"]],
  ["classify eval m.onnx", 2, ["missing required argument 'data'"]],
  ["classify eval m.onnx waves.tsv --split dev", 2, ["--split", "'dev'", "train, val, test, all"]],
  ["models one two", 2, ["too many arguments"]],
  ["model info", 2, ["missing required argument 'file'"]],
  ["model info note.txt --dim batch", 2, ["--dim", "'batch'", "batch=1"]],
  ["model info note.txt --dim batch=0", 2, ["--dim", "'batch=0'"]],
  ["demo here", 2, ["too many arguments"]],
  ["demo --seed x", 2, ["--seed", "'x'"]],
];

const failures: BadInput[] = [
  ["model info nowhere.onnx", 1, ["nowhere.onnx", "ENOENT"]],
  ["model info note.txt", 1, ["note.txt", "ONNX"]],
  ["data check nowhere", 1, ["nowhere"]],
  ["data check note.txt", 1, ["note.txt"]],
  ["data check empty", 1, ["empty", "Pascal VOC", "COCO", "YOLO"]],
  ["data check scenes --format voc", 1, ["scenes", "Pascal VOC"]],
  ["data check scenes --out sheet.bmp", 1, ["sheet.bmp", ".jpg"]],
  ["data convert nowhere out --to coco", 1, ["nowhere"]],
  ["data convert scenes full --to coco", 1, ["full is not empty"]],
  ["data convert scenes note.txt --to coco", 1, ["note.txt is a file"]],
  ["data scenes full --count 2", 1, ["full is not empty"]],

  ["metrics coco nowhere.json detections.json", 1, ["nowhere.json"]],
  ["metrics coco note.txt detections.json", 1, ["note.txt", "JSON"]],
  ["metrics coco detections.json detections.json", 1, ["detections.json", "images|object"]],
  ["metrics coco truth.json strange.json", 1, ["strange.json[0]: bbox", '"wide"']],
  ["metrics voc nowhere dets", 1, ["nowhere", "does not exist"]],
  ["metrics voc empty dets", 1, ["empty", ".txt"]],
  ["metrics voc gts broken", 1, ["broken/a.txt:2", "class score x y width height", "cat 0.5 1 2"]],
  ["metrics voc gts stray", 1, ["stray/b.txt", "gts"]],

  ["detect missing.jpg --model note.txt", 1, ["missing.jpg"]],
  ["detect empty --model note.txt", 1, ["empty"]],
  ["detect *.gif --model note.txt", 1, ["*.gif"]],
  ["detect note.txt --quiet", 1, ["note.txt"]],
  ["detect note.txt --model missing.onnx", 1, ["missing.onnx"]],
  ["detect note.txt --model coc", 1, ['"coc"', "coco, faces, faces-tiny"]],
  ["detect note.txt --model fovea-nano", 1, ['"fovea-nano"', "backbone", "coco"]],
  ["detect eval face-points scenes", 1, ['"face-points"', "fovea landmarks", "coco"]],
  ["landmarks note.txt --model bodi", 1, ['"bodi"', "body, face-points"]],
  ["localize note.txt --model fovea-nano", 1, ['"fovea-nano"', "backbone", ".onnx"]],
  ["windows note.txt --model coco", 1, ['"coco"', "fovea detect", ".onnx"]],
  ["style note.txt --model coco", 1, ['"coco"', "fovea detect", ".onnx"]],
  ["face verify note.txt note.txt --model coco", 1, ['"coco"', "face-descriptor"]],
  ["model info fovea-nan", 1, ['"fovea-nan"', "fovea-nano"]],
  ["detect note.txt --model note.txt", 1, ["note.txt", "ONNX"]],
  ["detect train nowhere --out run", 1, ["nowhere"]],
  ["detect train nowhere --out run --fpn", 1, ["YOLO", "--fpn", "faster-rcnn"]],
  ["detect train scenes --out full", 1, ["full holds a run already", "--resume"]],
  ["detect train scenes --out run --resume", 1, ["run/checkpoint.fovea", "--resume"]],
  ["detect train nowhere --out note.txt", 1, ["note.txt is a file"]],
  ["detect train scenes --out note.txt/run", 1, ["note.txt"]],
  ["detect eval missing.onnx scenes", 1, ["missing.onnx"]],
  ["detect eval note.txt scenes", 1, ["note.txt", "ONNX"]],
  ["detect eval note.txt scenes --split test", 1, ["scenes", '"test"', "--split train or val"]],
  ["detect proposals note.txt", 1, ["note.txt"]],
  ["detect proposals --data nowhere", 1, ["nowhere"]],
  ["detect proposals --data scenes --split test", 1, ["--split"]],
  ["detect anchors nowhere", 1, ["nowhere"]],
  ["detect anchors scenes -k 999", 1, ["scenes", "999 anchors", "-k"]],
  ["detect anchors scenes --out anchors.bmp", 1, ["anchors.bmp"]],
  ["detect note.txt --model classifier.onnx", 1, ["classifier.onnx", "detector", '"classify"']],
  ["detect eval classifier.onnx scenes", 1, ["classifier.onnx", "detector", '"classify"']],

  ["classify missing.jpg --model note.txt", 1, ["note.txt", "ONNX"]],
  ["classify note.txt --model missing.onnx", 1, ["missing.onnx"]],
  ["classify note.txt --model fovea-nano", 1, ['"fovea-nano"', "backbone", ".onnx"]],
  ["classify note.txt --model detector.onnx", 1, ["detector.onnx", "classifier", '"detect"']],
  ["classify train nowhere --out run", 1, ["nowhere"]],
  ["classify train empty --out run", 1, ["empty", "cat/1.jpg"]],
  ["classify train note.txt --out run", 1, ["note.txt"]],
  ["classify train strange.json --out run", 1, ["strange.json", ".tsv"]],
  ["classify train one.tsv --out run", 1, ["one.tsv", "one class only", '"sine"']],
  ["classify train untrained --out run", 1, ["untrained", '"train"']],
  ["classify train waves.tsv --out full", 1, ["full holds a run already", "--resume"]],
  ["classify train waves.tsv --out full --resume", 1, ["full/checkpoint.fovea"]],
  ["classify train waves.tsv --out run --resume", 1, ["run/checkpoint.fovea", "--resume"]],
  ["classify train waves.tsv --out note.txt/run", 1, ["note.txt"]],
  ["classify train waves.tsv --out run --model vgg", 1, ['"vgg"', "fcn, resnet, inception-time"]],
  ["classify train waves.tsv --out run --folds 99", 1, ["99", "6"]],
  ["classify train waves.tsv --out run --channels 7", 1, ["waves.tsv", "7 channels"]],
  ["classify train waves.tsv --out run --backbone classifier.onnx", 1, ["pictures", '"fcn"']],
  ["classify train shapes --out run --backbone giant", 1, ['"giant"', ".onnx"]],
  ["classify train shapes --out run --backbone missing.onnx", 1, ["missing.onnx"]],
  ["classify train shapes --out run --backbone classifier.onnx", 1, ["classifier.onnx", "trunk"]],
  ["classify eval missing.onnx waves.tsv", 1, ["missing.onnx"]],
  ["classify eval note.txt waves.tsv", 1, ["note.txt", "ONNX"]],
  ["classify eval note.txt nowhere", 1, ["nowhere"]],
  ["classify eval detector.onnx waves.tsv", 1, ["detector.onnx", "classifier", '"detect"']],
  ["classify eval classifier.onnx waves.tsv", 1, ["classifier.onnx", "pictures", "sequences"]],
  [
    "classify eval classifier.onnx waves.tsv --split test",
    1,
    ["waves.tsv", '"test"', "--split train or val"],
  ],
  ["models giant", 1, ['"giant"', ".onnx"]],
  ["models classifier.onnx", 1, ["classifier.onnx"]],
  ["demo --out full", 1, ["full is not empty"]],
];

let workspace: Workspace;
let prepared: string[];

beforeAll(async () => {
  workspace = await createWorkspace();
  await workspace.write({
    "note.txt": "This is neither a picture nor a model.",
    "full/checkpoint.fovea": "something",
    "empty/.keep": "",
    "truth.json": JSON.stringify({
      images: [{ id: 1 }],
      categories: [{ id: 1, name: "cat" }],
      annotations: [],
    }),
    "detections.json": "[]",
    "strange.json": JSON.stringify([{ image_id: 1, category_id: 1, bbox: "wide", score: 1 }]),
    "gts/a.txt": "cat 1 2 3 4\n",
    "dets/a.txt": "cat 0.5 1 2 3 4\n",
    "broken/a.txt": "cat 0.5 1 2 3 4\ncat 0.5 1 2\n",
    "stray/b.txt": "cat 0.5 1 2 3 4\n",
    "waves.tsv": "sine 1 2 3\nsine 2 3 4\nsine 3 4 5\nsaw 5 4 3\nsaw 4 3 2\nsaw 3 2 1\n",
    "one.tsv": "sine 1 2 3\nsine 2 3 4\n",
    "untrained/test/sine/a.csv": "1\n2\n3\n",
    "untrained/test/saw/a.csv": "3\n2\n1\n",
  });
  await writePictures(join(workspace.path, "shapes"), { counts: { disc: 2, square: 2 } });
  for (const [name, card] of Object.entries({
    classifier: {
      task: "classify",
      kind: "pictures",
      model: "resnet",
      classes: ["a", "b"],
      shape: [3, 32, 32],
    },
    detector: { task: "detect", model: "nano", classes: ["a", "b"], input: { width: 32, height: 32 } },
  })) {
    const graph = new Graph();
    const outputs = { y: relu(graph.input("image", [1, 3, 32, 32])) };
    const model = encodeModel({ outputs, metadata: cardToMetadata(card) });
    await writeFile(join(workspace.path, `${name}.onnx`), model);
  }
  const made = await fovea(["data", "scenes", "scenes", "--count", "5", "--size", "96x96"], {
    cwd: workspace.path,
  });
  expect(made.code).toBe(0);
  prepared = await workspace.list();
}, HOOK_TIMEOUT_MS);

afterAll(() => workspace.remove());

describe.each([
  ["on a wrong command line", usageErrors],
  ["on what cannot be done", failures],
])("one sentence %s, and nothing written", (_, table) => {
  it.concurrent.each(table)("fovea %s", async (line, code, named) => {
    const outcome = await fovea(line.split(" "), { cwd: workspace.path });
    expect(outcome.code).toBe(code);
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr).toMatch(/^fovea: .+\n$/);
    for (const name of named)
      expect(outcome.stderr).toMatch(new RegExp(name.split("|").map(escapePattern).join("|")));
  });

  // After the concurrent ones above.
  it("leaves nothing behind", async () => {
    expect(await workspace.list()).toEqual(prepared);
  });
});

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()[\]\\]/g, "\\$&");
}
