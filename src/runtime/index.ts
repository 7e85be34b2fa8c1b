export type { DeviceOptions } from "./device-options.ts";
export { type CompileOptions, compile, Program, type Results, type Tensors } from "./program.ts";
