import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { allocate, FoveaError, isDataType, messageOf, sizeOf, type Tensor } from "../core/index.ts";
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
  readonly #expected = new Map<string, InferenceSession.TensorValueMetadata>();
  #isReleased = false;

  private constructor(session: InferenceSession) {
    this.#session = session;
    this.inputNames = session.inputNames;
    this.outputNames = session.outputNames;
    for (const input of session.inputMetadata) if (input.isTensor) this.#expected.set(input.name, input);
    for (const output of session.outputMetadata) {
      if (output.isTensor) requireKnownType(output);
      if (!output.isTensor || !output.shape.every((dim) => typeof dim === "number")) continue;
      const shape = output.shape as number[];
      const data = allocate(output.type as Tensor["dtype"], sizeOf(shape));
      this.#results.set(output.name, { dtype: output.type as Tensor["dtype"], shape, data });
    }
  }

  /** Loads the bytes of an `.onnx` model. Throws `model-refused` with ONNX Runtime's reason, `dtype-unknown`. */
  static async load(bytes: Uint8Array, options: DeviceOptions = {}): Promise<Program> {
    let session: InferenceSession;
    try {
      session = await InferenceSession.create(bytes, sessionOptions(options));
    } catch (cause) {
      throw new FoveaError("model-refused", `ONNX Runtime refuses the model: ${messageOf(cause)}`, { cause });
    }
    try {
      return new Program(session);
    } catch (cause) {
      await session.release();
      throw cause;
    }
  }

  /**
   * Executes the graph.
   * @param feeds Every input by name.
   * @param into Buffers for results, by name; where none is given, the program's own is reused.
   * @throws FoveaError `input-missing`, `input-mismatch`, `tensor-size`; `program-released`; `run-failed` with ONNX
   *   Runtime's reason
   */
  async run(feeds: Readonly<Tensors>, into: Readonly<Tensors> = {}): Promise<Tensors> {
    if (this.#isReleased) {
      throw new FoveaError(
        "program-released",
        "Program.run: the program was released; compile or load it again.",
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
    const fetches: Record<string, OrtTensor | null> = {};
    for (const name of this.outputNames) {
      const buffer = into[name] ?? this.#results.get(name);
      fetches[name] = buffer ? this.#wrap(name, buffer) : null;
    }
    const results = await this.#session.run(given, fetches).catch((cause: unknown) => {
      throw new FoveaError("run-failed", `ONNX Runtime could not run the graph: ${messageOf(cause)}`, {
        cause,
      });
    });
    return Object.fromEntries(
      this.outputNames.map((name) => {
        return [name, into[name] ?? this.#results.get(name) ?? fromOrt(results[name])] as const;
      }),
    );
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

  /** One ORT tensor for each of ours: they share the elements' memory. Throws `tensor-size`. */
  #wrap(name: string, value: Tensor): OrtTensor {
    let wrapped = this.#wrapped.get(value);
    if (!wrapped) {
      if (value.data.length !== sizeOf(value.shape)) {
        throw new FoveaError(
          "tensor-size",
          `Program.run: \`${name}\` [${value.shape}] needs ${sizeOf(value.shape)} elements, but has ${value.data.length}; give as many as its shape says.`,
        );
      }
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
