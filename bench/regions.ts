/**
 * Where the time of detectors that classify regions goes, beside YOLO: for each file the milliseconds of a picture spent
 * on proposals, on features and on heads.
 * `npx tsx bench/regions.ts rcnn.onnx fast.onnx faster.onnx yolo.onnx [--data folder] [--count 20] [--threads 2] [--json]`.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median, type Tensor } from "../src/core/index.ts";
import { loadDetectionDataset } from "../src/data/index.ts";
import { proposalTensor } from "../src/detect/given-proposals.ts";
import { cardOf } from "../src/detect/model-card.ts";
import { PROPOSALS } from "../src/detect/rcnn/index.ts";
import { type Node, openModel, orderedNodes, type Value } from "../src/graph/index.ts";
import { decodePicture, type Picture } from "../src/image/index.ts";
import { openModelFile } from "../src/models/index.ts";
import { compile, type Program, type Tensors } from "../src/runtime/index.ts";

const { values: flags, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string", default: fileURLToPath(new URL("../../shared/data/bccd", import.meta.url)) },
    count: { type: "string", default: "20" },
    threads: { type: "string", default: "2" },
    json: { type: "boolean", default: false },
  },
});
const [count, threads] = [Number(flags.count), Number(flags.threads)];
const WARM_UP = 2;

/** Milliseconds of a picture, by what they are spent on. */
interface Parts {
  proposals: number;
  features: number;
  heads: number;
  total: number;
}

/** What of a detector's graph ends with its features, and what with its proposals; undefined where it has none. */
interface Cuts {
  features?: Record<string, Value>;
  proposals?: Record<string, Value>;
  all: Record<string, Value>;
}

function cutsOf(outputs: Record<string, Value>): Cuts {
  const nodes = orderedNodes(Object.values(outputs));
  const poolings = nodes.filter(({ operator }) => operator.opType === "RoiAlign");
  if (poolings.length === 0) return { all: outputs };
  const maps = Object.fromEntries(poolings.map(({ inputs }, i) => [`map${i}`, ownerOf(inputs[0]!)]));
  const [, regions] = poolings[0].inputs as Value[];
  const ownRegions = orderedNodes([regions]).some(({ operator }) => operator.opType === "NonMaxSuppression");
  if (orderedNodes(Object.values(maps)).some(isConvolution)) {
    return { features: maps, proposals: ownRegions ? { ...maps, regions } : undefined, all: outputs };
  }
  // R-CNN pools pixels: what its trunk makes of the crops are the features.
  const last = nodes.findLast(isConvolution)!;
  return { features: { last: last.outputs[0] }, all: outputs };
}

/** What a slice is taken of. */
function ownerOf(map: Value): Value {
  return map.producer?.operator.opType === "Slice" ? map.producer.inputs[0]! : map;
}

function isConvolution({ operator }: Node): boolean {
  return operator.opType === "Conv";
}

async function measure(file: string, pictures: readonly Picture[]): Promise<Parts> {
  const { model, name } = await openModelFile(file);
  const { proposals: use } = cardOf(model, name);
  const [{ height, width }] = pictures;
  const { outputs } = await openModel(file, { shapes: { image: [height, width, 3] } });
  const cuts = cutsOf(outputs);
  const programOf = (outputs?: Record<string, Value>) => outputs && compile({ outputs, threads });
  const [features, proposals, all] = await Promise.all([
    programOf(cuts.features),
    programOf(cuts.proposals),
    compile({ outputs: cuts.all, threads }),
  ]);
  const rows: Parts[] = [];
  for (const picture of pictures) {
    const start = performance.now();
    const given = use && { [PROPOSALS]: await proposalTensor(picture, use) };
    const searched = performance.now() - start;
    const feeds: Tensors = { image: imageOf(picture), ...given };
    const whole = await timeOf(all, feeds);
    const ofFeatures = features ? await timeOf(features, feeds) : whole;
    const ofProposals = proposals ? (await timeOf(proposals, feeds)) - ofFeatures : 0;
    rows.push({
      proposals: searched + ofProposals,
      features: ofFeatures,
      heads: whole - ofFeatures - ofProposals,
      total: searched + whole,
    });
  }
  await Promise.all([features, proposals, all].map((program) => program?.release()));
  const middle = (part: keyof Parts) => median(rows.slice(WARM_UP).map((row) => row[part]));
  return {
    proposals: middle("proposals"),
    features: middle("features"),
    heads: middle("heads"),
    total: middle("total"),
  };
}

/** Milliseconds of a run: the median of three. */
async function timeOf(program: Program, feeds: Tensors): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await program.run(Object.fromEntries(program.inputNames.map((name) => [name, feeds[name]])));
    times.push(performance.now() - start);
  }
  return median(times);
}

function imageOf({ width, height, data }: Picture): Tensor {
  return { dtype: "uint8", shape: [height, width, 3], data };
}

const { splits } = await loadDetectionDataset(flags.data);
const shown = splits.val.slice(0, count + WARM_UP);
const decoded = await Promise.all(shown.map(({ path }) => decodePicture(path)));
const [{ width, height }] = decoded;
const pictures = decoded.filter((picture) => picture.width === width && picture.height === height);
const results: (Parts & { file: string })[] = [];
for (const file of files) results.push({ file, ...(await measure(file, pictures)) });
if (flags.json) console.log(JSON.stringify({ pictures: pictures.length - WARM_UP, threads, results }));
else {
  console.log(
    `${pictures.length - WARM_UP} pictures of ${width}×${height}, ${threads} threads; ms a picture, medians`,
  );
  console.table(
    results.map(({ file, ...parts }) => ({
      file: file.split("/").slice(-2).join("/"),
      ...Object.fromEntries(Object.entries(parts).map(([part, ms]) => [part, Number(ms.toFixed(1))])),
    })),
  );
}
