/** Where and how a program runs. */
export interface DeviceOptions {
  /** Execution provider; default "cpu". Of "webgpu" and "cuda", operators that they lack run on the CPU; a machine without such a device refuses the model (`model-refused`). */
  device?: "cpu" | "webgpu" | "cuda";
  /**
   * Threads for one operator; default one on each physical core, and no more than the process may use at once. Results are
   * bit-identical for the same number.
   */
  threads?: number;
  /** Prefix of ONNX Runtime's profile file; none by default. */
  profile?: string;
}
