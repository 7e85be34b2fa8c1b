import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { encodeModel, Graph } from "../graph/index.ts";
import { ReorderInput } from "./blocked-operators.ts";

let probed: Promise<number> | undefined;

/**
 * Channels that ONNX Runtime's blocked convolutions keep together on this processor (8 or 16); 0 where it has
 * none. Found out by looking where one channel's element goes.
 */
export function channelBlock(): Promise<number> {
  probed ??= probe();
  return probed;
}

/** Channels of the probe: more than any block has. */
const CHANNELS = 64;

async function probe(): Promise<number> {
  const graph = new Graph();
  const shape = [1, CHANNELS, 1, 2];
  const blocked = graph.apply(ReorderInput, [graph.input("x", shape)], {}, [shape])[0];
  const bytes = encodeModel({ outputs: { blocked }, shapes: false });
  let session: InferenceSession | undefined;
  try {
    session = await InferenceSession.create(bytes, { logSeverityLevel: 4, intraOpNumThreads: 1 });
    const x = Float32Array.from({ length: CHANNELS * 2 }, (_, i) => i);
    const results = await session.run({ x: new OrtTensor("float32", x, shape) });
    // [channels / block, positions, block]: the second position of channel 0 stands where the first block of ones ends.
    const block = (results.blocked.data as Float32Array).indexOf(1);
    return block === 8 || block === 16 ? block : 0;
  } catch {
    return 0; // a build or processor without these kernels
  } finally {
    await session?.release();
  }
}
