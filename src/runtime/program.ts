import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { allocate, FoveaError, messageOf, sizeOf, type Tensor } from "../core/index.ts";
import { collapseReshapes, decompose, encodeModel, mergeEqual, type Value } from "../graph/index.ts";
import { channelBlock } from "./blocked-layout.ts";
import { type DeviceOptions, sessionOptions } from "./device.ts";
import { layOutForCpu } from "./lay-out.ts";

/** What to compile. */
export interface CompileOptions extends DeviceOptions {
  /** The results by name. */
  outputs: Readonly<Record<string, Value>>;
}

/** Tensors by name. */
export type Tensors = Record<string, Tensor>;

/**
 * A graph that ONNX Runtime is ready to execute. Results of fixed size are written into buffers that are
 * allocated once: they hold until the next run, unless the caller brings its own.
 */
export class Program {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly #session: InferenceSession;
  readonly #results = new Map<string, Tensor>();
  readonly #wrapped = new WeakMap<object, OrtTensor>();

  private constructor(session: InferenceSession) {
    this.#session = session;
    this.inputNames = session.inputNames;
    this.outputNames = session.outputNames;
    for (const output of session.outputMetadata) {
      if (!output.isTensor || !output.shape.every((dim) => typeof dim === "number")) continue;
      const shape = output.shape as number[];
      const data = allocate(output.type as Tensor["dtype"], sizeOf(shape));
      this.#results.set(output.name, { dtype: output.type as Tensor["dtype"], shape, data });
    }
  }

  /** Loads the bytes of an `.onnx` model. Throws `model-refused` with ONNX Runtime's reason. */
  static async load(bytes: Uint8Array, options: DeviceOptions = {}): Promise<Program> {
    try {
      return new Program(await InferenceSession.create(bytes, sessionOptions(options)));
    } catch (cause) {
      throw new FoveaError("model-refused", `ONNX Runtime refuses the model: ${messageOf(cause)}`, { cause });
    }
  }

  /**
   * Executes the graph.
   * @param feeds Every input by name.
   * @param into Buffers for results, by name; where none is given, the program's own is reused.
   */
  async run(feeds: Readonly<Tensors>, into: Readonly<Tensors> = {}): Promise<Tensors> {
    const given: Record<string, OrtTensor> = {};
    for (const name of this.inputNames) {
      const feed = feeds[name];
      if (!feed) {
        throw new FoveaError("input-missing", `Program.run: input \`${name}\` is missing from \`feeds\`.`);
      }
      given[name] = this.#wrap(feed);
    }
    const fetches: Record<string, OrtTensor | null> = {};
    for (const name of this.outputNames) {
      const buffer = into[name] ?? this.#results.get(name);
      fetches[name] = buffer ? this.#wrap(buffer) : null;
    }
    const results = await this.#session.run(given, fetches);
    return Object.fromEntries(
      this.outputNames.map((name) => {
        return [name, into[name] ?? this.#results.get(name) ?? fromOrt(results[name])] as const;
      }),
    );
  }

  /** Gives the session's memory back. The program cannot be run afterwards. */
  async release(): Promise<void> {
    this.#results.clear();
    await this.#session.release();
  }

  /** Ends profiling, if it was asked for; ONNX Runtime then writes its file. */
  endProfiling(): void {
    this.#session.endProfiling();
  }

  /** One ORT tensor for each of ours: they share the elements' memory. */
  #wrap(value: Tensor): OrtTensor {
    let wrapped = this.#wrapped.get(value);
    if (!wrapped) {
      wrapped = toOrt(value);
      this.#wrapped.set(value, wrapped);
    }
    return wrapped;
  }
}

/**
 * Compiles the part of a graph that `outputs` need: computes once what is there twice, lays the graph out for the
 * device, and hands it to ONNX Runtime.
 */
export async function compile({ outputs, ...device }: CompileOptions): Promise<Program> {
  const onCpu = (device.device ?? "cpu") === "cpu";
  const laidOut = onCpu ? layOutForCpu(outputs, await channelBlock()) : decompose(outputs);
  return Program.load(
    encodeModel({ outputs: mergeEqual(collapseReshapes(laidOut)).outputs, shapes: false }),
    device,
  );
}

function toOrt({ dtype, data, shape }: Tensor): OrtTensor {
  return new OrtTensor(dtype as "float32", data as Float32Array, [...shape]);
}

function fromOrt(value: OrtTensor): Tensor {
  return { dtype: value.type as Tensor["dtype"], shape: value.dims, data: value.data as Tensor["data"] };
}
