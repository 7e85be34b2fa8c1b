/**
 * Training steps and inference of six nets in Fovea and in PyTorch, in turns:
 * `npx tsx bench/suite.ts [--threads 2] [--rounds 3] [--only ResNet] [--task train|infer1|infer16] [--json]`.
 */
import { parseArgs } from "node:util";
import { median, Random, sizeOf, type Tensor, tensor } from "../src/core/index.ts";
import { Graph, orderedNodes, reduceMean, type Value } from "../src/graph/index.ts";
import { Scope, sgd, softmaxCrossEntropy } from "../src/nn/index.ts";
import { compile } from "../src/runtime/index.ts";
import { TrainingStep } from "../src/train/index.ts";
import { type BenchNet, benchNets } from "./nets.ts";
import { type TorchFormat, TorchPeer, torchFormats, torchMissing } from "./torch-peer.ts";

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    threads: { type: "string", default: "2" },
    only: { type: "string", default: "" },
    task: { type: "string", multiple: true, default: ["train", "infer1", "infer16"] },
    json: { type: "boolean", default: false },
  },
});
const [rounds, threads] = [Number(flags.rounds), Number(flags.threads)];
const LEARNING_RATE = 0.01;
/** A turn takes about so long, and at least twice. */
const TURN_MS = 1500;

/** A net with its parameters, a batch and its labels. */
interface SuiteCase {
  net: BenchNet;
  parameters: Map<string, Tensor>;
  x: Tensor;
  labels: number[];
}

function drawCase(net: BenchNet): SuiteCase {
  const random = new Random(net.input.length, ...net.input);
  const scope = new Scope(new Graph());
  net.build(scope, scope.graph.input("x", net.input));
  const numbers = Float32Array.from({ length: sizeOf(net.input) }, () => random.normal());
  return {
    net,
    parameters: scope.set.initialValues(1),
    x: { dtype: "float32", shape: net.input, data: numbers },
    labels: Array.from({ length: net.input[0] }, () => random.integer(net.classes)),
  };
}

/** The forward graph for the peer: nodes, parameters, batch. */
function exportCase({ net, parameters, x, labels }: SuiteCase): object {
  const scope = new Scope(new Graph());
  const output = net.build(scope, scope.graph.input("x", net.input));
  const nodes = orderedNodes([output]).map(({ operator, inputs, outputs, attributes }) => ({
    operator: operator.opType,
    inputs: inputs.map((value) => (value?.constant ? null : (value?.name ?? null))),
    outputs: outputs.map(({ name }) => name),
    attributes,
  }));
  const floats = ({ shape, data }: Tensor) => ({
    shape,
    data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64"),
  });
  const learned = [...scope.set.parameters.values()].filter(({ role }) => role !== "statistic");
  return {
    nodes,
    input: "x",
    output: output.name,
    parameters: Object.fromEntries(learned.map(({ name }) => [name, floats(parameters.get(name)!)])),
    shape: x.shape,
    x: floats(x),
    labels,
    learningRate: LEARNING_RATE,
  };
}

interface Runner {
  run(): Promise<number>;
  release(): Promise<void>;
}

async function trainer({ net, parameters, x, labels }: SuiteCase): Promise<Runner> {
  const [batch] = net.input;
  const classes = tensor(
    labels.flatMap((label) => Array.from({ length: net.classes }, (_, k) => (k === label ? 1 : 0))),
    [batch, net.classes],
  );
  const step = await TrainingStep.compile(
    (scope) => {
      const logits = net.build(scope, scope.graph.input("x", net.input));
      const loss = softmaxCrossEntropy(logits, scope.graph.input("classes", [batch, net.classes]));
      return { loss: reduceMean(loss, undefined, false) };
    },
    { optimizer: sgd(), average: false, threads },
  );
  const state = step.start(0, parameters);
  return {
    async run() {
      const { loss } = await step.run(
        state,
        { x, classes },
        { learningRate: LEARNING_RATE, averageDecay: 0 },
      );
      state.advance();
      return loss;
    },
    release: () => step.release(),
  };
}

async function inferrer({ net, parameters, x }: SuiteCase, batch: number): Promise<Runner> {
  const graph = new Graph();
  const shape = [batch, ...net.input.slice(1)];
  const scope = new Scope(graph, { values: parameters });
  const logits: Value = net.build(scope, graph.input("x", shape));
  const program = await compile({ outputs: { logits }, threads });
  const each = sizeOf(net.input.slice(1));
  const given = x.data as Float32Array;
  const data = Float32Array.from({ length: batch * each }, (_, i) => given[i % given.length]);
  const feeds = { x: { dtype: "float32" as const, shape, data } };
  return {
    run: async () => Number((await program.run(feeds)).logits.data[0]),
    release: () => program.release(),
  };
}

/** Milliseconds of one run for each round and rival. */
type Race = Record<"fovea" | TorchFormat, number[]>;

async function race(suiteCase: SuiteCase, index: number, task: string, torch: TorchPeer): Promise<Race> {
  const fovea =
    task === "train"
      ? await trainer(suiteCase)
      : await inferrer(suiteCase, Number(task.slice("infer".length)));
  const ask = (format: TorchFormat, count: number) =>
    torch.ask<{ milliseconds: number[]; value: number }>(`${index} ${task} ${format} ${count}`);
  const formats = suiteCase.net.input.length === 3 ? (["contiguous"] as const) : torchFormats;
  const results: Race = { fovea: [], contiguous: [], channels_last: [] };
  try {
    const first = await fovea.run();
    for (const format of formats) {
      const { value } = await ask(format, 1);
      if (!(Math.abs(value - first) < 2e-3 * Math.max(1, Math.abs(first)))) {
        throw new Error(
          `${suiteCase.net.name}, ${task}: the two do not compute the same: ${first}, ${format} ${value}.`,
        );
      }
    }
    for (let warm = 0; warm < 2; warm++) await fovea.run();
    const start = performance.now();
    await fovea.run();
    const count = Math.max(2, Math.min(200, Math.round(TURN_MS / (performance.now() - start))));
    for (let round = 0; round < rounds; round++) {
      const milliseconds: number[] = [];
      for (let i = 0; i < count; i++) {
        const before = performance.now();
        await fovea.run();
        milliseconds.push(performance.now() - before);
      }
      results.fovea.push(median(milliseconds));
      for (const format of formats) results[format].push(median((await ask(format, count)).milliseconds));
    }
    return results;
  } finally {
    await fovea.release();
  }
}

const missing = torchMissing();
if (missing) {
  console.error(`No peer: ${missing}`);
  process.exit(1);
}
const chosen = benchNets.filter(({ name }) => name.includes(flags.only));
const cases = chosen.map(drawCase);
const torch = await TorchPeer.start("suite.py", JSON.stringify(cases.map(exportCase)), threads);
const rows: { net: string; task: string; fovea: number; torch: number; peer: string; ratio: number }[] = [];
for (const [index, suiteCase] of cases.entries()) {
  for (const task of flags.task) {
    const { fovea, ...formats } = await race(suiteCase, index, task, torch);
    const [peer, times] = Object.entries(formats)
      .filter(([, list]) => list.length > 0)
      .reduce((best, other) => (median(other[1]) < median(best[1]) ? other : best));
    const ratio = median(times.map((ms, i) => ms / fovea[i]));
    rows.push({ net: suiteCase.net.name, task, fovea: median(fovea), torch: median(times), peer, ratio });
    if (!flags.json) {
      console.log(
        `${suiteCase.net.name}, ${task}: Fovea ${median(fovea).toFixed(1)} ms, PyTorch (${peer}) ${median(times).toFixed(1)} ms, ratio ${ratio.toFixed(2)}`,
      );
    }
  }
}
await torch.close();
const means = Object.fromEntries(
  ["train", "infer"].map((kind) => {
    const logs = rows.filter(({ task }) => task.startsWith(kind)).map(({ ratio }) => Math.log(ratio));
    return [kind, Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length)];
  }),
);
if (flags.json) console.log(JSON.stringify({ torch: torch.version, threads, rows, means }, undefined, 2));
else
  console.log(
    `geometric means: training ${means.train.toFixed(2)}, inference ${means.infer.toFixed(2)} (PyTorch ${torch.version})`,
  );
