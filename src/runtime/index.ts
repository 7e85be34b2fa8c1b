export type { DeviceOptions } from "./device.ts";
export { type CompileOptions, compile, Program, type Results, type Tensors } from "./program.ts";
