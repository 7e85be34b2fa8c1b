import { stat } from "node:fs/promises";
import { join } from "node:path";
import { FoveaError } from "../core/index.ts";
import {
  Backbone,
  backbonePath,
  isCached,
  packageFolder,
  type ReadyModel,
  readyModels,
  shippedBackbones,
} from "../models/index.ts";
import { requireAnyModel } from "./model-names.ts";

/** A line of `fovea models`. */
export interface ListedModel {
  name: string;
  task: string;
  /** Bytes of its weights. */
  size: number;
  license: string;
  source: string;
  /** Whether it can be used without being converted first. */
  cached: boolean;
  summary: string;
}

/** The backbones that ship, and the ready models of other packages. */
export async function listModels(): Promise<ListedModel[]> {
  const backbones = await Promise.all((await shippedBackbones()).map(describeBackbone));
  const ready = await Promise.all([...readyModels.values()].map(describeReady));
  return [...backbones, ...ready];
}

async function describeBackbone(name: string): Promise<ListedModel> {
  const { card } = await Backbone.load(name);
  const { size } = await stat(backbonePath(name));
  const accuracy = card ? `, top-1 ${card.accuracy.top1.toFixed(3)} on ${card.classes.length} classes` : "";
  return {
    name,
    task: "backbone",
    size,
    license: card?.license ?? "",
    source: "fovea",
    cached: true,
    summary: `start of detectors and classifiers${accuracy}`,
  };
}

async function describeReady(model: ReadyModel): Promise<ListedModel> {
  const { name, task, license, source, summary } = model;
  const folder = await packageFolder(source.package);
  const sizes = await Promise.all(source.files.map(async (file) => (await stat(join(folder, file))).size));
  const size = sizes.reduce((sum, each) => sum + each, 0);
  return { name, task, size, license, source: source.package, cached: await isCached(model), summary };
}

/** All that is known of one model. @throws `model-unknown`, `backbone-unknown`, `not-a-backbone` */
export async function modelDetails(name: string): Promise<object> {
  const ready = readyModels.get(name);
  if (ready) return describeReady(ready);
  await requireAnyModel(name);
  const { card } = await Backbone.load(name);
  if (card) return card;
  throw new FoveaError(
    "not-a-backbone",
    `${name} is no backbone but a classifier to start from; \`fovea models info ${name}\` shows it.`,
  );
}
