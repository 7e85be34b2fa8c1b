import type { InferenceSession } from "onnxruntime-node";
import { FoveaError } from "../core/index.ts";
import { physicalCores } from "./cores.ts";
import type { DeviceOptions } from "./device-options.ts";

/**
 * Microseconds for which the engine's threads wait actively for the next operator. Longer waits (ONNX Runtime's
 * default is a thousand) let one process in three run as if it had a single thread, and take the processor from the
 * workers that prepare batches.
 */
const SPIN_US = 10;

/** ONNX Runtime's options for a device; throws `argument-range` for `threads` that cannot be. */
export function sessionOptions({
  device = "cpu",
  threads = physicalCores(),
  profile,
}: DeviceOptions): InferenceSession.SessionOptions {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new FoveaError(
      "argument-range",
      `\`threads\` (=${threads}) must be a whole number of at least 1; leave it out for one on each physical core.`,
    );
  }
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
