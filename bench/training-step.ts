/**
 * One training step of YOLO nano (320 × 256, batch of 8, three classes; AdamW, clipping, moving average) in
 * Fovea and in PyTorch, in turns:
 * `npx tsx bench/training-step.ts [--threads 2] [--rounds 5] [--steps 8] [--profile] [--json]`.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { median } from "../src/core/index.ts";
import { adamW } from "../src/nn/index.ts";
import { TrainingStep } from "../src/train/index.ts";
import { buildYoloObjective, drawYoloCase, writeYoloCase, type YoloCase } from "../tools/pytorch/case.ts";
import { nanoRecipe } from "./nano.ts";
import { byOperator, takeProfile } from "./profile.ts";
import { type TorchFormat, TorchPeer, torchFormats, torchMissing } from "./torch-peer.ts";

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    steps: { type: "string", default: "8" },
    threads: { type: "string", default: "2" },
    profile: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const [rounds, steps, threads] = [Number(flags.rounds), Number(flags.steps), Number(flags.threads)];
const WARM_UP = 4;

/** Milliseconds on the clock; with one thread those of the processor, which other programs hardly disturb. */
function now(): number {
  if (threads > 1) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Fovea's step on one batch, again and again. */
async function foveaStep({ config, recipe, batch, parameters }: YoloCase, profile?: string) {
  const step = await TrainingStep.compile(
    (scope) => buildYoloObjective(scope, config, batch.pictures.shape[0]),
    { optimizer: adamW(), weightDecay: recipe.weightDecay, clipNorm: recipe.clipNorm, threads, profile },
  );
  const state = step.start(0, parameters);
  return {
    async take(count: number): Promise<{ milliseconds: number[]; loss: number }> {
      const milliseconds: number[] = [];
      const losses: number[] = [];
      for (let i = 0; i < count; i++) {
        const start = now();
        const reports = await step.run(state, batch, recipe);
        state.advance();
        milliseconds.push(now() - start);
        losses.push(reports.loss);
      }
      return { milliseconds, loss: losses[0] };
    },
    release: () => step.release(),
  };
}

/** The two in turns: for each, the milliseconds of every step, by round. */
async function race(yoloCase: YoloCase) {
  const fovea = await foveaStep(yoloCase);
  const torch = await TorchPeer.start("timing.py", writeYoloCase(yoloCase), threads);
  const take = (format: TorchFormat, count: number) =>
    torch.ask<{ milliseconds: number[]; loss: number }>(`${format} ${count}`);
  try {
    const firstLoss = {
      fovea: (await fovea.take(WARM_UP)).loss,
      contiguous: (await take("contiguous", WARM_UP)).loss,
      channels_last: (await take("channels_last", WARM_UP)).loss,
    };
    for (const [who, loss] of Object.entries(firstLoss)) {
      if (!(Math.abs(loss / firstLoss.fovea - 1) < 1e-3)) {
        throw new Error(`The two do not compute the same: first loss ${firstLoss.fovea}, ${who} ${loss}.`);
      }
    }
    const results: Record<"fovea" | TorchFormat, number[]>[] = [];
    for (let round = 0; round < rounds; round++) {
      results.push({
        fovea: (await fovea.take(steps)).milliseconds,
        contiguous: (await take("contiguous", steps)).milliseconds,
        channels_last: (await take("channels_last", steps)).milliseconds,
      });
    }
    return { version: torch.version, firstLoss, results };
  } finally {
    await torch.close();
    await fovea.release();
  }
}

async function profileStep(yoloCase: YoloCase): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fovea-bench-"));
  const prefix = join(folder, "step");
  const fovea = await foveaStep(yoloCase, prefix);
  await fovea.take(WARM_UP + steps);
  await fovea.release();
  const kinds = byOperator(await takeProfile(prefix, steps));
  await rm(folder, { recursive: true });
  if (flags.json) return console.log(JSON.stringify(kinds, undefined, 2));
  const total = kinds.reduce((sum, { ms }) => sum + ms, 0);
  console.table(
    kinds.slice(0, 16).map(({ opType, ms, nodes }) => ({
      operator: opType,
      nodes,
      "ms a step": Number(ms.toFixed(2)),
      "%": Number(((100 * ms) / total).toFixed(1)),
    })),
  );
}

async function compareStep(yoloCase: YoloCase): Promise<void> {
  const missing = torchMissing();
  if (missing) {
    console.error(`No peer: ${missing}`);
    process.exitCode = 1;
    return;
  }
  const { version, firstLoss, results } = await race(yoloCase);
  const medians = results.map(({ fovea, contiguous, channels_last }) => ({
    fovea: median(fovea),
    contiguous: median(contiguous),
    channels_last: median(channels_last),
  }));
  const fastest = (who: "fovea" | TorchFormat) => Math.min(...results.flatMap((round) => round[who]));
  const peer = torchFormats.reduce((best, format) => (fastest(format) < fastest(best) ? format : best));
  const ratios = medians.map((round) => round[peer] / round.fovea);
  const summary = {
    torch: version,
    peer,
    threads,
    ratio: median(ratios),
    ratioOfFastest: fastest(peer) / fastest("fovea"),
  };
  if (flags.json) {
    console.log(JSON.stringify({ ...summary, ratios, firstLoss, milliseconds: results }, undefined, 2));
    return;
  }
  const ms = (value: number) => Number(value.toFixed(1));
  const row = (round: Record<"fovea" | TorchFormat, number>, ratio: number) => ({
    "Fovea ms": ms(round.fovea),
    "PyTorch ms": ms(round.contiguous),
    "PyTorch channels_last ms": ms(round.channels_last),
    "PyTorch / Fovea": Number(ratio.toFixed(2)),
  });
  const all = {
    fovea: fastest("fovea"),
    contiguous: fastest("contiguous"),
    channels_last: fastest("channels_last"),
  };
  console.table({
    ...Object.fromEntries(medians.map((round, i) => [`round ${i + 1}, median`, row(round, ratios[i])])),
    "fastest step": row(all, summary.ratioOfFastest),
  });
  console.log(
    `PyTorch ${version} (${peer}) / Fovea with ${threads} threads: ${summary.ratio.toFixed(2)} (median of rounds).`,
  );
}

const { config, batchSize, learningRate, weightDecay, clipNorm, averageDecay } = nanoRecipe();
const yoloCase = drawYoloCase(config, batchSize, { learningRate, weightDecay, clipNorm, averageDecay }, 0);
await (flags.profile ? profileStep(yoloCase) : compareStep(yoloCase));
