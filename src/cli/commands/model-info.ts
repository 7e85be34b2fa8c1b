import { type Command, InvalidArgumentError } from "commander";
import { FoveaError } from "../../core/index.ts";
import type { ImportedModel, LayerSummary, NetSummary, Value } from "../../graph/index.ts";
import { addExamples, type GlobalOptions, jsonOption, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";

interface Options extends GlobalOptions {
  dim: Record<string, number>;
  json?: boolean;
}

/** Of an open dimension behind the batch's, where it is shown how to give a size: a multiple of every usual stride. */
const EXAMPLE_SIZE = 224;

/** `fovea model info`, `fovea models info`: what an ONNX file holds, layer by layer. */
export function addModelInfo(model: Command): void {
  const name = `fovea ${model.name()} info`;
  const command = model
    .command("info")
    .description("list a model's inputs, outputs and layers, with parameters, operations and memory")
    .argument(
      "<file>",
      "an .onnx file of operator set 7 or newer, its address, or a name that `fovea models` lists",
    )
    .option(
      "--dim <name=size>",
      "size of a dimension that the file leaves open; may be given several times",
      parseDim,
      {},
    )
    .addOption(jsonOption())
    .action(async (file: string, _: unknown, command: Command) => {
      const { dim, json, ...options } = optionsOf<Options>(command);
      const { openDimensions, openModel, summarize } = await import("../../graph/index.ts");
      const { openModelFile } = await import("../../models/index.ts");
      const { modelPath } = await import("../ready-models.ts");
      const path = await modelPath(file, options);
      const opened = await openModel(path, { dims: dim }).catch(async (cause) => {
        if (!(cause instanceof FoveaError) || cause.code !== "shape-unknown") throw cause;
        const { model } = await openModelFile(path);
        const sizes = [...openDimensions(model)].map(
          ([open, axis]) => `--dim ${open}=${dim[open] ?? (axis === 0 ? 1 : EXAMPLE_SIZE)}`,
        );
        throw new FoveaError(
          "shape-unknown",
          `${cause.message} Say how large they are, for example: ${name} ${file} ${sizes.join(" ")}`,
          { cause },
        );
      });
      const summary = summarize(Object.values(opened.outputs));
      if (json) printJson(toJson(opened, summary));
      else print(await toText(opened, summary));
    });
  addExamples(command, [
    `${name} squeezenet.onnx`,
    `${name} runs/cells/best.onnx --dim height=480 --dim width=640 --json`,
  ]);
}

function parseDim(text: string, before: Record<string, number>): Record<string, number> {
  const [name, size] = text.split("=");
  const number = Number(size);
  if (!name || !Number.isInteger(number) || number < 1) {
    throw new InvalidArgumentError("Expected a name and a size, for example batch=1.");
  }
  return { ...before, [name]: number };
}

function tensorsOf(values: Readonly<Record<string, Value>>) {
  return Object.entries(values).map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
}

function toJson({ inputs, outputs, opset, metadata }: ImportedModel, summary: NetSummary): unknown {
  return { opset, inputs: tensorsOf(inputs), outputs: tensorsOf(outputs), metadata, ...summary };
}

async function toText(model: ImportedModel, summary: NetSummary): Promise<string> {
  const { textTable } = await import("../../report/index.ts");
  const operations = unitFor(summary.layers.map(({ flops }) => flops));
  const memory = unitFor(summary.layers.map(({ bytes }) => bytes));
  const rows = summary.layers.map((layer) => [
    layer.opType,
    layer.name,
    layer.shape.join("×"),
    layer.parameters,
    inUnit(layer.flops, operations),
    inUnit(layer.bytes, memory),
  ]);
  const describe = (values: Readonly<Record<string, Value>>) =>
    tensorsOf(values)
      .map(({ name, dtype, shape }) => `${name} ${dtype} [${shape.join(", ")}]`)
      .join("; ");
  const metadata = Object.entries(model.metadata).map(([key, value]) => `${key}: ${shortened(value)}`);
  return [
    `operator set ${model.opset}`,
    `inputs:  ${describe(model.inputs)}`,
    `outputs: ${describe(model.outputs)}`,
    ...metadata,
    "",
    textTable(
      ["layer", "output", "shape", "parameters", `${operations.prefix}FLOP`, `${memory.prefix}B`],
      rows,
    ),
    "",
    `${summary.layers.length} layers, ${total(summary)}`,
  ].join("\n");
}

function total({ layers, parameters, flops, bytes }: NetSummary): string {
  const open = layers.some((layer: LayerSummary) => layer.flops === undefined);
  const [work, memory] = [unitFor([flops]), unitFor([bytes])];
  const figures = [
    `${parameters.toLocaleString("en-US")} parameters`,
    `${inUnit(flops, work)} ${work.prefix}FLOP`,
    `${inUnit(bytes, memory)} ${memory.prefix}B of results`,
  ].join(", ");
  return open ? `${figures} (without layers whose size is not known)` : figures;
}

interface Unit {
  prefix: string;
  size: number;
}

const units: readonly Unit[] = [
  { prefix: "G", size: 1e9 },
  { prefix: "M", size: 1e6 },
  { prefix: "k", size: 1e3 },
];

/** The unit in which the largest of some numbers has one to three digits before the point. */
function unitFor(numbers: readonly (number | undefined)[]): Unit {
  const largest = Math.max(0, ...numbers.map((number) => number ?? 0));
  return units.find(({ size }) => largest >= size) ?? { prefix: "", size: 1 };
}

function inUnit(number: number | undefined, { size }: Unit): number {
  return number === undefined ? Number.NaN : Math.round((number / size) * 100) / 100;
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
