import type { InferenceSession } from "onnxruntime-node";
import { physicalCores } from "./cores.ts";

/** Where and how a program runs. */
export interface DeviceOptions {
  /** Execution provider; default "cpu". Of "webgpu" and "cuda", operators that they lack run on the CPU; a machine without such a device refuses the model (`model-refused`). */
  device?: "cpu" | "webgpu" | "cuda";
  /** Threads for one operator; default all cores. Results are bit-identical for the same number. */
  threads?: number;
  /** Prefix of ONNX Runtime's profile file; none by default. */
  profile?: string;
}

/**
 * Microseconds for which the engine's threads wait actively for the next operator. Longer waits (ONNX Runtime's
 * default is a thousand) let one process in three run as if it had a single thread, and take the processor from the
 * workers that prepare batches.
 */
const SPIN_US = 10;

/** ONNX Runtime's options for a device. */
export function sessionOptions({
  device = "cpu",
  threads = physicalCores(),
  profile,
}: DeviceOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
    graphOptimizationLevel: "all",
    executionMode: "sequential",
    logSeverityLevel: 3,
    extra: { session: { intra_op: { spin_duration_us: `${SPIN_US}` } } },
    ...(threads ? { intraOpNumThreads: threads } : {}),
    ...(profile ? { enableProfiling: true, profileFilePrefix: profile } : {}),
  };
}
