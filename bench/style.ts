/**
 * Steps of style transfer in Fovea and in PyTorch, in turns: the same net, cost and optimiser (L-BFGS, one evaluation a
 * step). `npx tsx bench/style.ts [--threads 2] [--size 512] [--rounds 3] [--steps 8] [--json]`; `--whole content.jpg style.jpg`
 * instead measures a transfer from beginning to end, as `fovea style` does it.
 */
import { parseArgs } from "node:util";
import { median, type Tensor } from "../src/core/index.ts";
import type { Value } from "../src/graph/index.ts";
import { costRecipes, transferStyle } from "../src/style/index.ts";
import { type FeatureNet, openFeatureNet } from "../src/style/net/index.ts";
import {
  type CostPlan,
  limitedMemory,
  measureContent,
  measureStyle,
  type Targets,
  wholePicture,
} from "../src/style/optimize/index.ts";
import type { Planes } from "../src/style/planes/index.ts";
import { planPicture } from "../src/style/tiles/index.ts";
import { TorchPeer, torchFormats, torchMissing } from "./torch-peer.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: "string", default: "2" },
    size: { type: "string", default: "512" },
    rounds: { type: "string", default: "3" },
    steps: { type: "string", default: "8" },
    whole: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const [threads, size, rounds, steps] = [flags.threads, flags.size, flags.rounds, flags.steps].map(Number);
const MEMORY = 10;

if (flags.whole) await measureWhole();
else await compare();

async function measureWhole(): Promise<void> {
  const [content, style] = positionals;
  const start = performance.now();
  const { picture, history } = await transferStyle(content, { picture: style }, { size, threads });
  const seconds = (performance.now() - start) / 1000;
  const memory = process.resourceUsage().maxRSS / 1024;
  const result = { width: picture.width, height: picture.height, steps: history.length, seconds, memory };
  if (flags.json) console.log(JSON.stringify(result));
  else
    console.log(
      `${result.width}×${result.height}, ${result.steps} steps: ${seconds.toFixed(1)} s, ${memory.toFixed(0)} MB resident`,
    );
}

async function compare(): Promise<void> {
  const missing = torchMissing();
  if (missing) throw new Error(missing);
  const net = await openFeatureNet("fovea-plain");
  const recipe = costRecipes.fovea;
  const plan: CostPlan = { net, recipe, layers: net.usualLayers(1), device: { threads } };
  const [content, style, start] = [0.1, 1.3, 2.2].map(pattern);
  const extent = net.extent([...plan.layers.style, ...plan.layers.content].map(({ name }) => name));
  const windows = planPicture(content, extent, Number.MAX_SAFE_INTEGER);
  const targets: Targets = {
    size: content,
    regions: [{ share: 1, targets: await measureStyle(plan, style, windows) }],
    content: await measureContent(plan, content, windows),
  };
  const objective = await wholePicture(plan, targets);
  const peer = await TorchPeer.start("style.py", caseFor(net, plan, targets, start), threads);
  const optimizer = limitedMemory(MEMORY);
  const point = start.data.slice();
  const times: Record<string, number[]> = { fovea: [], contiguous: [], channels_last: [] };
  // With one thread the processor's time is counted, which others on the machine hardly disturb.
  const clock = () => (threads === 1 ? process.cpuUsage().user / 1000 : performance.now());
  for (let round = 0; round < rounds; round++) {
    let first = 0;
    for (let step = 0; step < steps; step++) {
      const began = clock();
      const { cost, gradient } = await objective.evaluate(point);
      optimizer.step(point, cost, gradient, 1);
      times.fovea.push(clock() - began);
      if (step === 0) first = cost;
    }
    for (const format of torchFormats) {
      const { milliseconds, cost } = await peer.ask<{ milliseconds: number[]; cost: number }>(
        `${format} ${steps}`,
      );
      times[format].push(...milliseconds);
      if (round === 0 && Math.abs(cost / first - 1) > 1e-3)
        throw new Error(`The first costs differ: Fovea ${first}, PyTorch ${cost}.`);
    }
  }
  await objective.release();
  await peer.close();
  const [fovea, ...others] = ["fovea", ...torchFormats].map((name) => median(times[name]));
  const ratio = Math.min(...others) / fovea;
  const result = { fovea, contiguous: others[0], channelsLast: others[1], ratio, torch: peer.version };
  if (flags.json) console.log(JSON.stringify(result));
  else
    console.log(
      `${content.width}×${content.height}, ${threads} threads: Fovea ${fovea.toFixed(0)} ms a step, PyTorch ${peer.version} ${others.map((t) => t.toFixed(0)).join(" / ")} ms (contiguous / channels last): ratio ${ratio.toFixed(2)}`,
    );
}

/** A picture that is the same everywhere. */
function pattern(phase: number): Planes {
  const [width, height] = [size, Math.round(size * 0.75)];
  const data = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    return 0.5 + 0.3 * Math.sin(i * 0.037 + phase) * Math.cos(i * 0.00011 * (1 + phase));
  });
  return { width, height, data };
}

/** Everything that the peer needs, as JSON. */
function caseFor(net: FeatureNet, plan: CostPlan, targets: Targets, start: Planes): string {
  const { recipe, layers } = plan;
  const [contentLayer] = layers.content;
  const content = targets.content.get(contentLayer.name)!;
  const [{ targets: style }] = targets.regions;
  return JSON.stringify({
    layers: net.layers.map(({ name, stride, value }) => {
      const [, weight, bias] = convolutionBefore(value);
      return { name, stride, weight: encode(weight.constant!), bias: encode(bias.constant!) };
    }),
    averagePooling: recipe.averagePooling,
    memory: MEMORY,
    contentLayer: contentLayer.name,
    content: encode({ shape: [1, content.channels, content.height, content.width], data: content.data }),
    variance: content.variance,
    style: Object.fromEntries(
      [...style].map(([name, { channels, gram, mean }]) => [
        name,
        [encode({ shape: [channels, channels], data: gram }), encode({ shape: [channels, 1], data: mean })],
      ]),
    ),
    weights: { content: recipe.contentWeight, style: recipe.styleWeight, variation: recipe.tvWeight },
    start: encode({ shape: [1, 3, start.height, start.width], data: start.data }),
  });
}

/** The inputs of the convolution whose activation a layer is. */
function convolutionBefore(value: Value): Value[] {
  const [before] = value.producer!.inputs as Value[];
  return before.producer!.inputs as Value[];
}

function encode({ shape, data }: Pick<Tensor, "shape" | "data">) {
  return { shape, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64") };
}
