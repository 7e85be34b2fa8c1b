export type { DeviceOptions } from "./device.ts";
export { type CompileOptions, compile, Program, type Tensors } from "./program.ts";
