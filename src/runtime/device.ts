import type { InferenceSession } from "onnxruntime-node";

/** Where and how a program runs. */
export interface DeviceOptions {
  /** Execution provider; default "cpu". "webgpu" and "cuda" fall back to the CPU for what they lack. */
  device?: "cpu" | "webgpu" | "cuda";
  /** Threads for one operator; default all cores. Results are bit-identical for the same number. */
  threads?: number;
  /** Prefix of ONNX Runtime's profile file; none by default. */
  profile?: string;
}

/** ONNX Runtime's options for a device. */
export function sessionOptions({
  device = "cpu",
  threads,
  profile,
}: DeviceOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
    graphOptimizationLevel: "all",
    executionMode: "sequential",
    logSeverityLevel: 3,
    ...(threads ? { intraOpNumThreads: threads } : {}),
    ...(profile ? { enableProfiling: true, profileFilePrefix: profile } : {}),
  };
}
