import { zipSync } from "fflate";

type Numbers = ArrayLike<number>;

const WRITERS: Record<string, (view: DataView, at: number, value: number, little: boolean) => void> = {
  b1: (view, at, value) => view.setUint8(at, value),
  u1: (view, at, value) => view.setUint8(at, value),
  i1: (view, at, value) => view.setInt8(at, value),
  u2: (view, at, value, little) => view.setUint16(at, value, little),
  i2: (view, at, value, little) => view.setInt16(at, value, little),
  u4: (view, at, value, little) => view.setUint32(at, value, little),
  i4: (view, at, value, little) => view.setInt32(at, value, little),
  u8: (view, at, value, little) => view.setBigUint64(at, BigInt(value), little),
  i8: (view, at, value, little) => view.setBigInt64(at, BigInt(value), little),
  f4: (view, at, value, little) => view.setFloat32(at, value, little),
  f8: (view, at, value, little) => view.setFloat64(at, value, little),
};

/** An `.npy` file of numbers, in the order in which they are stored. */
export function npy(dtype: string, shape: readonly number[], values: Numbers, fortran = false): Uint8Array {
  const kind = dtype.slice(1);
  const size = Number(kind.slice(1));
  const data = new Uint8Array(values.length * size);
  for (let i = 0; i < values.length; i++) {
    WRITERS[kind](new DataView(data.buffer), i * size, values[i], dtype[0] !== ">");
  }
  return npyOfBytes(dtype, shape, data, fortran);
}

/** An `.npy` file of NumPy's `<U`, `>U` or `|S` texts. */
export function npyTexts(dtype: string, texts: readonly string[]): Uint8Array {
  const length = Number(dtype.slice(2));
  const data = Buffer.concat(
    texts.map((text) => {
      const codes = Array.from({ length }, (_, i) => text.codePointAt(i) ?? 0);
      if (dtype[1] === "S") return Buffer.from(codes);
      const element = Buffer.alloc(4 * length);
      for (const [i, code] of codes.entries()) {
        if (dtype[0] === ">") element.writeUInt32BE(code, 4 * i);
        else element.writeUInt32LE(code, 4 * i);
      }
      return element;
    }),
  );
  return npyOfBytes(dtype, [texts.length], data);
}

/** An `.npy` file with the given bytes behind its header. */
export function npyOfBytes(
  dtype: string,
  shape: readonly number[],
  data: Uint8Array,
  fortran = false,
  version = 1,
): Uint8Array {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${dtype}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${dims}), }`;
  const prefix = version === 1 ? 10 : 12;
  const header = dictionary.padEnd(Math.ceil((prefix + dictionary.length + 1) / 64) * 64 - prefix - 1);
  const begin = Buffer.from(`\x93NUMPY${String.fromCharCode(version)}\0\0\0\0\0`.slice(0, prefix), "latin1");
  if (version === 1) begin.writeUInt16LE(header.length + 1, 8);
  else begin.writeUInt32LE(header.length + 1, 8);
  return new Uint8Array(Buffer.concat([begin, Buffer.from(`${header}\n`, "latin1"), data]));
}

/** An `.npz` file of `.npy` files. */
export function npz(arrays: Record<string, Uint8Array>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(arrays).map(([name, file]) => [`${name}.npy`, file])));
}
