import { expect, it } from "vitest";
import { tensor, toNumbers, zeros } from "../../src/core/index.ts";
import { add, cast, Graph } from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";

/** Where JavaScript has no `Float16Array` yet: one of which ONNX Runtime knows as little as of the real one. */
class Halves extends Uint8Array {
  constructor(buffer: ArrayBuffer, byteOffset: number, length: number) {
    super(buffer, byteOffset, length * Uint16Array.BYTES_PER_ELEMENT);
  }

  override get length(): number {
    return super.length / Uint16Array.BYTES_PER_ELEMENT;
  }
}

if (!("Float16Array" in globalThis)) Object.assign(globalThis, { Float16Array: Halves });

it("halves go in and out as bits where JavaScript has a type for them", async () => {
  const g = new Graph();
  const [x, z] = [g.input("x", ["n"], "float16"), g.input("z", [2], "float16")];
  const same = cast(add(cast(z, "float32"), 0), "float16");
  const outputs = { wide: cast(x, "float32"), open: cast(cast(x, "float32"), "float16"), same };
  const program = await compile({ outputs, threads: 1 });
  const [open, fixed] = [tensor([0.5, -2, 3], [3], "float16"), tensor([1.5, 7], [2], "float16")];
  const brought = zeros([2], "float16");
  const results = await program.run({ x: open, z: fixed }, { same: brought });
  expect(toNumbers(results.wide)).toEqual([0.5, -2, 3]);
  expect(results.open).toStrictEqual(open);
  expect(brought).toStrictEqual(fixed);
  await program.release();
});
