import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import {
  allocate,
  FoveaError,
  isDataType,
  messageOf,
  nearestNames,
  sizeOf,
  type Tensor,
} from "../core/index.ts";
import { collapseReshapes, decompose, encodeModel, mergeEqual, type Value } from "../graph/index.ts";
import { channelBlock } from "./blocked-layout.ts";
import { sessionOptions } from "./device.ts";
import type { DeviceOptions } from "./device-options.ts";
import { layOutForCpu } from "./lay-out.ts";

/** What to compile. */
export interface CompileOptions<Outputs = Readonly<Record<string, Value>>> extends DeviceOptions {
  /** The results by name. */
  outputs: Outputs;
}

/** Tensors by name. */
export type Tensors = Record<string, Tensor>;

/** Results by name, those among them whose names are known when the graph is compiled. */
export type Results<Names extends string> = Tensors & Record<Names, Tensor>;

/**
 * A graph that ONNX Runtime is ready to execute. Results of fixed size are written into buffers that are
 * allocated once: they hold until the next run, unless the caller brings its own. A run that begins while another is under
 * way has buffers of its own, and so has the one after results were transferred to another thread.
 */
export class Program<Names extends string = string> {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly #session: InferenceSession;
  readonly #results = new Map<string, Tensor>();
  readonly #wrapped = new WeakMap<object, OrtTensor>();
  readonly #expected = new Map<string, InferenceSession.TensorValueMetadata>();
  /** Whether a run under way writes into the program's own buffers. */
  #isWriting = false;
  #isReleased = false;

  private constructor(session: InferenceSession, shapes: ReadonlyMap<string, readonly number[]>) {
    this.#session = session;
    this.inputNames = session.inputNames;
    this.outputNames = session.outputNames;
    for (const input of session.inputMetadata) if (input.isTensor) this.#expected.set(input.name, input);
    for (const output of session.outputMetadata) {
      if (output.isTensor) requireKnownType(output);
      if (!output.isTensor || !output.shape.every((dim) => typeof dim === "number")) continue;
      const shape = output.shape as number[];
      if (`${shapes.get(output.name) ?? shape}` !== `${shape}`) continue; // it would refuse a buffer of either shape
      this.#results.set(output.name, newTensor(output.type as Tensor["dtype"], shape));
    }
  }

  /**
   * Loads the bytes of an `.onnx` model.
   * @param shapes Shapes of results where they are known for sure: what ONNX Runtime infers of a pool or a resize is
   *   sometimes not what it computes.
   * @throws FoveaError `model-refused` with ONNX Runtime's reason, `dtype-unknown`, `argument-range`
   */
  static async load(
    bytes: Uint8Array,
    options: DeviceOptions = {},
    shapes: ReadonlyMap<string, readonly number[]> = new Map(),
  ): Promise<Program> {
    const device = sessionOptions(options);
    let session: InferenceSession;
    try {
      session = await InferenceSession.create(bytes, device);
    } catch (cause) {
      throw new FoveaError("model-refused", `ONNX Runtime refuses the model: ${messageOf(cause)}`, { cause });
    }
    try {
      return new Program(session, shapes);
    } catch (cause) {
      await session.release();
      throw cause;
    }
  }

  /**
   * Executes the graph.
   * @param feeds Every input by name.
   * @param into Buffers for results, by name; where none is given, the program's own is reused.
   * @throws FoveaError `input-missing`, `input-mismatch`, `tensor-size`, `output-unknown`; `program-released`; `run-failed` with ONNX
   *   Runtime's reason
   */
  async run(feeds: Readonly<Tensors>, into: Readonly<Tensors> = {}): Promise<Results<Names>> {
    if (this.#isReleased) {
      throw new FoveaError(
        "program-released",
        "Program.run: the program was released; compile or load it again.",
      );
    }
    const unknown = Object.keys(into).find((name) => !this.outputNames.includes(name));
    if (unknown !== undefined) {
      const near = nearestNames(unknown, this.outputNames).map((name) => `\`${name}\``);
      throw new FoveaError(
        "output-unknown",
        `Program.run: \`into\` names \`${unknown}\`, which is no result; the nearest are ${near.join(", ")}.`,
      );
    }
    const given: Record<string, OrtTensor> = {};
    for (const name of this.inputNames) {
      const feed = feeds[name];
      if (!feed) {
        throw new FoveaError("input-missing", `Program.run: input \`${name}\` is missing from \`feeds\`.`);
      }
      this.#requireFitting(name, feed);
      given[name] = this.#wrap(name, feed);
    }
    const ownsBuffers = !this.#isWriting;
    const buffers = new Map<string, Tensor>();
    const fetches: Record<string, OrtTensor | null> = {};
    for (const name of this.outputNames) {
      const buffer = into[name] ?? (ownsBuffers ? this.#ownBuffer(name) : undefined);
      if (buffer) buffers.set(name, buffer);
      fetches[name] = buffer ? this.#wrap(name, buffer) : null;
    }
    try {
      this.#isWriting = true;
      const results = await this.#session.run(given, fetches);
      const entries = this.outputNames.map((name) => [name, buffers.get(name) ?? fromOrt(results[name])]);
      return Object.fromEntries(entries) as Results<Names>;
    } catch (cause) {
      throw new FoveaError("run-failed", `ONNX Runtime could not run the graph: ${messageOf(cause)}`, {
        cause,
      });
    } finally {
      if (ownsBuffers) this.#isWriting = false;
    }
  }

  /** Gives the session's memory back. The program cannot be run afterwards. */
  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#results.clear();
    await this.#session.release();
  }

  /** Ends profiling, if it was asked for; ONNX Runtime then writes its file. */
  endProfiling(): void {
    this.#session.endProfiling();
  }

  /** Throws `input-mismatch` where a feed is of another type or shape than the graph's input. */
  #requireFitting(name: string, { dtype, shape }: Tensor): void {
    const expected = this.#expected.get(name);
    if (!expected) return;
    const fits =
      expected.type === dtype &&
      expected.shape.length === shape.length &&
      expected.shape.every((dim, i) => typeof dim !== "number" || dim < 0 || dim === shape[i]);
    if (fits) return;
    throw new FoveaError(
      "input-mismatch",
      `Program.run: input \`${name}\` is ${dtype} [${shape}], but the graph takes ${expected.type} [${expected.shape}]; feed such a tensor.`,
    );
  }

  /** The program's own buffer for a result of fixed size; a new one where its memory was transferred to another thread. */
  #ownBuffer(name: string): Tensor | undefined {
    const buffer = this.#results.get(name);
    if (!buffer || buffer.data.length === sizeOf(buffer.shape)) return buffer;
    const fresh = newTensor(buffer.dtype, buffer.shape);
    this.#results.set(name, fresh);
    return fresh;
  }

  /** One ORT tensor for each of ours: they share the elements' memory. Throws `tensor-size`. */
  #wrap(name: string, value: Tensor): OrtTensor {
    if (value.data.length !== sizeOf(value.shape)) {
      throw new FoveaError(
        "tensor-size",
        `Program.run: \`${name}\` [${value.shape}] needs ${sizeOf(value.shape)} elements, but has ${value.data.length}; give as many as its shape says.`,
      );
    }
    let wrapped = this.#wrapped.get(value);
    if (!wrapped) {
      wrapped = toOrt(value);
      this.#wrapped.set(value, wrapped);
    }
    return wrapped;
  }
}

/** Throws `dtype-unknown` for results that no typed array holds, such as strings. */
function requireKnownType({ name, type }: InferenceSession.TensorValueMetadata): void {
  if (isDataType(type)) return;
  throw new FoveaError(
    "dtype-unknown",
    `The model's result \`${name}\` is of type ${type}, which cannot be read; cut it off.`,
  );
}

/**
 * Compiles the part of a graph that `outputs` need: computes once what is there twice, lays the graph out for the
 * device, and hands it to ONNX Runtime.
 */
export async function compile<Outputs extends Readonly<Record<string, Value>>>({
  outputs,
  ...device
}: CompileOptions<Outputs>): Promise<Program<keyof Outputs & string>> {
  const onCpu = (device.device ?? "cpu") === "cpu";
  const laidOut = onCpu ? layOutForCpu(outputs, await channelBlock()) : decompose(outputs);
  const bytes = encodeModel({ outputs: mergeEqual(collapseReshapes(laidOut)).outputs, shapes: false });
  return Program.load(bytes, device, knownShapes(outputs));
}

function knownShapes(outputs: Readonly<Record<string, Value>>): Map<string, readonly number[]> {
  return new Map(
    Object.entries(outputs).flatMap(([name, { shape }]): [string, readonly number[]][] => {
      const sizes = shape.filter((dim) => typeof dim === "number");
      return sizes.length === shape.length ? [[name, sizes]] : [];
    }),
  );
}

function newTensor(dtype: Tensor["dtype"], shape: readonly number[]): Tensor {
  return { dtype, shape, data: allocate(dtype, sizeOf(shape)) };
}

/**
 * A float16 tensor of ONNX Runtime has its bits as a `Float16Array` where JavaScript knows that type (Node ≥ 24), whatever
 * it was given. ONNX Runtime then finds no bytes in it, so it is shown ours instead.
 */
function toOrt({ dtype, data, shape }: Tensor): OrtTensor {
  const wrapped = new OrtTensor(dtype as "float32", data as Float32Array, [...shape]);
  return dtype === "float16" ? Object.defineProperty(wrapped, "data", { value: data }) : wrapped;
}

/** The same memory: halves as their bits. */
function fromOrt(value: OrtTensor): Tensor {
  const dtype = value.type as Tensor["dtype"];
  const data = value.data as Tensor["data"];
  const isHalf = dtype === "float16";
  const elements = isHalf ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  return { dtype, shape: value.dims, data: elements };
}
