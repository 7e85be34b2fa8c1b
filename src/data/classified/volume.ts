import type { Elements } from "./elements.ts";

/** A volume as its file holds it. */
export interface Volume {
  /** `[channels, depth, height, width]`, none of them 0. */
  shape: readonly number[];
  /** The last axis runs fastest. */
  elements: Elements;
}

/** Shared memory for values of volumes: bytes stay bytes, all other numbers become float32. */
export function shareValues(length: number, asBytes: boolean): Float32Array | Uint8Array {
  if (asBytes) return new Uint8Array(new SharedArrayBuffer(length));
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

/** Why values cannot be learnt from: the first that is no finite number; undefined if all are. */
export function faultOf(values: Float32Array | Uint8Array): string | undefined {
  if (values instanceof Uint8Array) return undefined;
  const at = values.findIndex((value) => !Number.isFinite(value));
  return at < 0 ? undefined : `Voxel ${at} is ${values[at]}, which is not a finite 32-bit number`;
}

/** `[1, 30, 30, 30]` */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
